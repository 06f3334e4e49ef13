package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.WireStream;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streaming calls that a server makes before its client's first message tells the generation. */
class EarlyStreamingCallTest {
  private final Link link = Link.server();
  private int opened;
  private final RecordingListener heard =
      new RecordingListener() {
        @Override
        public void onRequestOpen() {
          opened++;
        }
      };

  @AfterEach
  void close() {
    link.close();
  }

  private PendingCall open() {
    return link.dispatcher().openCall(7, link.buffer(pattern(4)), heard);
  }

  private void tellGeneration(int headerSize) {
    link.receive(WireStream.whole(headerSize, 1, call(1, 9, NOTHING, NOTHING)));
  }

  @Test
  void theRequestOpensWithTheFirstMessageOfThePeer() {
    PendingCall call = open();
    assertThat(call.isRequestOpen()).isFalse();
    assertThat(link.flush()).isEmpty();
    tellGeneration(21);
    assertThat(opened).isEqualTo(1);
    assertThat(call.isRequestOpen()).isTrue();
    call.send(link.buffer(pattern(3)));
    call.end();

    WireStream expected = new WireStream(21, 0x8000_0000);
    assertThat(concat(link.flush()))
        .isEqualTo(
            concat(
                expected.open(call(0x8000_0000, 7, pattern(4), NOTHING)),
                expected.data(pattern(3)),
                expected.end()));
  }

  @Test
  void whatWaitsIsCountedUntilItIsSentOrGivenUp() {
    assertThat(link.dispatcher().unsentBytes()).isZero();
    open();
    PendingCall givenUp = open();
    link.dispatcher().call(7, link.buffer(pattern(1000)), heard);
    assertThat(link.dispatcher().unsentBytes()).isEqualTo(3 * 64 + 4 + 4 + 1000);
    givenUp.abandon();
    assertThat(link.dispatcher().unsentBytes()).isEqualTo(2 * 64 + 4 + 1000);
    tellGeneration(13);
    assertThat(link.dispatcher().unsentBytes()).isZero();
  }

  @Test
  void whatWaitsIsCountedNoMoreOnceTheConnectionIsClosed() {
    PendingCall call = open();
    link.close();
    call.abandon();
    assertThat(link.dispatcher().unsentBytes()).isZero();
  }

  @Test
  void aCallThatIsMadeLaterIsOpenAtOnceAndNotTold() {
    tellGeneration(13);
    PendingCall call = open();

    assertThat(call.isRequestOpen()).isTrue();
    assertThat(opened).isZero();
    call.abandon();
  }

  @Test
  void chunksBeforeTheOpeningGoNowhere() {
    PendingCall call = open();
    ByteBuf chunk = link.buffer(pattern(3));
    call.send(chunk);
    call.end();
    assertThat(chunk.refCnt()).isZero();
    tellGeneration(13);

    assertThat(link.flushSummaries(13)).containsExactly("2147483648#0 open 19");
  }

  @Test
  void aCallThatIsGivenUpBeforeItsOpeningIsNeverSent() {
    open().abandon();
    tellGeneration(13);

    assertThat(opened).isZero();
    assertThat(link.flush()).isEmpty();
    assertThat(link.dispatcher().pendingCalls()).isZero();
  }

  /** Else a peer that never speaks makes what is called grow, though nobody waits for it. */
  @Test
  void aCallThatIsGivenUpHoldsNothing() {
    ByteBuf parameters = link.buffer(pattern(4));
    PendingCall call = link.dispatcher().openCall(7, parameters, heard);
    assertThat(parameters.refCnt()).isEqualTo(1);
    call.abandon();
    assertThat(parameters.refCnt()).isZero();
  }

  @Test
  void aConnectionThatClosesBeforeTheOpeningTellsTheCall() {
    PendingCall call = open();
    link.dispatcher().close(new IllegalStateException("gone"));

    assertThat(heard.events()).containsExactly("failure");
    assertThat(call.isRequestOpen()).isFalse();
    assertThat(link.sent()).isEmpty();
  }
}
