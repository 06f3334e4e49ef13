package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.answer;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls to the peer whose request is sent in chunks. */
class StreamingCallTest {
  private static final int CHUNK = 65_536;

  private final Link link = Link.client();
  private final RecordingListener heard = new RecordingListener();
  private final WireStream expected = new WireStream(13, 0);

  @AfterEach
  void close() {
    heard.release();
    link.close();
  }

  private PendingCall open(byte[] parameters) {
    return link.dispatcher().openCall(7, link.buffer(parameters), heard);
  }

  @Test
  void theParametersTravelWithTheHeaderAndEachChunkInAFrame() {
    PendingCall call = open(pattern(4));
    assertThat(call.isRequestOpen()).isTrue();
    call.send(link.buffer(pattern(3)));
    call.end();

    assertThat(call.isRequestOpen()).isFalse();
    assertThat(concat(link.flush()))
        .isEqualTo(
            concat(
                expected.open(call(0, 7, pattern(4), NOTHING)),
                expected.data(pattern(3)),
                expected.end()));
  }

  @Test
  void theLongestParametersAreCutAsAnyPayload() {
    open(pattern(0xffff));

    byte[] header = call(0, 7, pattern(0xffff), NOTHING);
    assertThat(concat(link.flush()))
        .isEqualTo(
            concat(
                expected.open(Arrays.copyOf(header, CHUNK)),
                expected.data(Arrays.copyOfRange(header, CHUNK, header.length))));
  }

  @Test
  void longerParametersAreRefused() {
    ByteBuf tooLong = link.buffer(pattern(0x1_0000));
    assertThatThrownBy(() -> link.dispatcher().openCall(7, tooLong, heard))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536 bytes (expected: at most 65535)");
    assertThat(tooLong.refCnt()).isZero();
    assertThat(link.flush()).isEmpty();
    assertThat(link.dispatcher().pendingCalls()).isZero();
  }

  @Test
  void deadChunksAreFoundBeforeAFrameIsBegun() {
    PendingCall call = open(NOTHING);
    ByteBuf dead = link.buffer(pattern(3));
    dead.release();
    assertThatThrownBy(() -> call.send(dead)).isInstanceOf(IllegalReferenceCountException.class);
    call.end();

    assertThat(link.flushSummaries(13)).containsExactly("0#0 open 15", "0#1 end 0");
  }

  @Test
  void chunksBehindTheEndGoNowhere() {
    PendingCall call = open(NOTHING);
    call.end();
    call.end();
    ByteBuf late = link.buffer(pattern(3));
    call.send(late);

    assertThat(late.refCnt()).isZero();
    assertThat(link.flushSummaries(13)).containsExactly("0#0 open 15", "0#1 end 0");
  }

  @Test
  void answerAndRequestFlowAtTheSameTime() {
    PendingCall call = open(NOTHING);
    WireStream answer = new WireStream(13, 0x8000_0000);
    link.receive(answer.open(answer(0, 0, 0, pattern(2))));
    call.send(link.buffer(pattern(3)));
    link.receive(answer.data(pattern(5)));
    call.end();
    link.receive(answer.end());

    assertThat(heard.events()).containsExactly("header", "end");
    assertThat(heard.payload()).isEqualTo(concat(pattern(2), pattern(5)));
    assertThat(link.flushSummaries(13)).containsExactly("0#0 open 15", "0#1 data 3", "0#2 end 0");
    assertThat(link.dispatcher().pendingCalls()).isZero();
  }

  @Test
  void aRequestWhoseAnswerHasEndedIsVoidedAndItsChunksGoNowhere() {
    PendingCall call = open(NOTHING);
    call.send(link.buffer(pattern(3)));
    link.receive(WireStream.whole(13, 0x8000_0000, answer(0, 7, 1, pattern(2))));
    assertThat(call.isRequestOpen()).isFalse();
    ByteBuf late = link.buffer(pattern(3));
    call.send(late);
    call.end();

    assertThat(late.refCnt()).isZero();
    expected.open(NOTHING);
    expected.data(NOTHING);
    assertThat(link.flush()).hasSize(3).last().isEqualTo(expected.cancel());
    assertThat(heard.events()).containsExactly("header", "end");
  }

  @Test
  void anAnswerThatIsCancelledVoidsTheRequest() {
    open(NOTHING);
    WireStream answer = new WireStream(13, 0x8000_0000);
    link.receive(answer.open(answer(0, 0, 0, pattern(2))), answer.cancel());

    assertThat(heard.events()).containsExactly("header", "cancel");
    assertThat(link.flushSummaries(13)).containsExactly("0#0 open 15", "0#1 cancel 0");
    assertThat(link.dispatcher().pendingCalls()).isZero();
  }

  @Test
  void abandonedWhileTheRequestIsOpenACancelGoesAlone() {
    PendingCall call = open(NOTHING);
    call.abandon();
    call.abandon();

    expected.open(NOTHING);
    assertThat(link.flush()).hasSize(2).last().isEqualTo(expected.cancel());
    link.receive(WireStream.whole(13, 0x8000_0000, answer(0, 7, 0, pattern(2))));
    assertThat(heard.events()).isEmpty();
    assertThat(link.router().failures()).isEmpty();
  }

  @Test
  void abandonedAfterTheRequestNothingIsSent() {
    PendingCall call = open(NOTHING);
    call.end();
    link.flush();
    call.abandon();

    assertThat(link.flush()).isEmpty();
    link.receive(WireStream.whole(13, 0x8000_0000, answer(0, 7, 0, pattern(2))));
    assertThat(heard.events()).isEmpty();
    assertThat(link.router().failures()).isEmpty();
  }

  @Test
  void abandonedWhileTheAnswerComesTheRestIsDroppedAndTheRequestVoided() {
    PendingCall call = open(NOTHING);
    WireStream answer = new WireStream(13, 0x8000_0000);
    link.receive(answer.open(answer(0, 0, 0, pattern(2))));
    call.abandon();
    link.receive(answer.data(pattern(2)), answer.end());

    assertThat(heard.events()).containsExactly("header");
    assertThat(heard.payload()).isEqualTo(pattern(2));
    assertThat(link.flushSummaries(13)).containsExactly("0#0 open 15", "0#1 cancel 0");
    assertThat(link.dispatcher().pendingCalls()).isZero();
  }

  @Test
  void abandonedWhenItIsOverNothingHappens() {
    PendingCall call = open(NOTHING);
    call.end();
    link.receive(WireStream.whole(13, 0x8000_0000, answer(0, 7, 0, NOTHING)));
    link.flush();
    call.abandon();

    assertThat(link.flush()).isEmpty();
    assertThat(heard.events()).containsExactly("header", "end");
  }

  @Test
  void idsAreFreeAgain() {
    try (Link last =
        Link.client(
            FrameFormat.GENERATION_13,
            config ->
                new SessionConfig(
                    IdSpace.CLIENT,
                    config.format(),
                    0x7fff_ffff,
                    config.chunkSize(),
                    config.maxOutgoingMessage(),
                    config.limits(),
                    config.allocator(),
                    config.clockMicros(),
                    () -> 0))) {
      PendingCall first = last.dispatcher().openCall(7, last.buffer(NOTHING), heard);
      PendingCall second =
          last.dispatcher().openCall(7, last.buffer(NOTHING), new RecordingListener());
      first.end();
      second.abandon();
      last.receive(WireStream.whole(13, 1, answer(0x7fff_ffff, 7, 0, NOTHING)));
      assertThat(last.dispatcher().pendingCalls()).isZero();
      assertThat(last.flushSummaries(13))
          .containsExactly(
              "2147483647#0 open 15", "0#0 open 15", "2147483647#1 end 0", "0#1 cancel 0");
      heard.release();
    }
  }

  @Test
  void callsAreLimited() {
    try (Link limited =
        Link.client(
            FrameFormat.GENERATION_13,
            config -> config.withLimits(CoreLimits.builder().maxPendingCalls(1).build()))) {
      PendingCall first = limited.dispatcher().openCall(7, limited.buffer(NOTHING), heard);
      ByteBuf parameters = limited.buffer(pattern(3));
      assertThatThrownBy(() -> limited.dispatcher().openCall(7, parameters, heard))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("limit 1");
      assertThat(parameters.refCnt()).isZero();
      first.abandon();
      limited.dispatcher().openCall(7, limited.buffer(NOTHING), heard);
      assertThat(limited.dispatcher().pendingCalls()).isEqualTo(1);
    }
  }

  @Test
  void aConnectionThatClosesTellsTheCallOnceAndTakesNoMore() {
    PendingCall call = open(NOTHING);
    link.flush();
    link.dispatcher().close(new IllegalStateException("gone"));
    ByteBuf late = link.buffer(pattern(3));
    call.send(late);
    call.end();
    call.abandon();

    assertThat(late.refCnt()).isZero();
    assertThat(call.isRequestOpen()).isFalse();
    assertThat(heard.events()).containsExactly("failure");
    assertThat(link.sent()).isEmpty();
    ByteBuf parameters = link.buffer(pattern(3));
    assertThatThrownBy(() -> link.dispatcher().openCall(7, parameters, heard))
        .isInstanceOf(IllegalStateException.class);
    assertThat(parameters.refCnt()).isZero();
  }
}
