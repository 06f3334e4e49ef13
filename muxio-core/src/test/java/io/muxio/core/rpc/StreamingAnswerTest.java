package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.answer;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import io.muxio.core.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in chunks, byte for byte, and every way in which they can end. */
class StreamingAnswerTest {
  private static final int CHUNK = 65_536;
  private static final int ANSWER_HEADER = 16;
  private static final int FIRST_ANSWER = 0x8000_0000;

  private final Link link = Link.server();
  private final RecordingRouter router = link.router();
  private final WireStream request = new WireStream(13, 1);
  private final WireStream expected = new WireStream(13, FIRST_ANSWER);

  @AfterEach
  void close() {
    link.close();
  }

  private InboundCall open() {
    link.receive(request.open(call(1, 7, NOTHING, NOTHING)));
    return router.call(1).call();
  }

  private static byte[] header(byte[] firstChunk) {
    return answer(1, 0, 0, firstChunk);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, CHUNK - ANSWER_HEADER})
  void theHeaderTravelsWithTheFirstChunkWhereItFits(int size) {
    open().send(link.buffer(pattern(size)));

    assertThat(concat(link.flush())).isEqualTo(expected.open(header(pattern(size))));
  }

  @ParameterizedTest
  @ValueSource(ints = {CHUNK - ANSWER_HEADER + 1, CHUNK})
  void theHeaderTravelsAloneWhereTheFirstChunkWouldBeCut(int size) {
    open().send(link.buffer(pattern(size)));

    assertThat(concat(link.flush()))
        .isEqualTo(concat(expected.open(header(NOTHING)), expected.data(pattern(size))));
  }

  @Test
  void aFirstChunkThatIsLongerIsCutAtTheChunkSize() {
    open().send(link.buffer(pattern(CHUNK + 3)));

    byte[] chunk = pattern(CHUNK + 3);
    assertThat(concat(link.flush()))
        .isEqualTo(
            concat(
                expected.open(header(NOTHING)),
                expected.data(Arrays.copyOf(chunk, CHUNK)),
                expected.data(Arrays.copyOfRange(chunk, CHUNK, CHUNK + 3))));
  }

  @Test
  void eachChunkIsAFrameAndTheEndIsAnEmptyOne() {
    InboundCall call = open();
    call.send(link.buffer(pattern(3)));
    call.send(link.buffer(pattern(4)));
    call.end();

    assertThat(concat(link.flush()))
        .isEqualTo(
            concat(expected.open(header(pattern(3))), expected.data(pattern(4)), expected.end()));
    assertThat(call.isOpen()).isFalse();
    assertThat(link.dispatcher().inboundCalls()).isZero();
  }

  @Test
  void anEmptyAnswerIsAnOpenWithTheHeaderAndAnEnd() {
    open().end();

    assertThat(concat(link.flush()))
        .isEqualTo(concat(expected.open(header(NOTHING)), expected.end()));
  }

  @Test
  void anOldPeerGetsTheSameInItsGeneration() {
    try (Link old = Link.server()) {
      old.receive(WireStream.whole(21, 1, call(1, 7, NOTHING, NOTHING)));
      InboundCall call = old.router().call(1).call();
      call.send(old.buffer(pattern(3)));
      call.end();

      WireStream bytes = new WireStream(21, FIRST_ANSWER);
      assertThat(concat(old.flush()))
          .isEqualTo(concat(bytes.open(header(pattern(3))), bytes.end()));
    }
  }

  @Test
  void aFailureBeforeTheFirstChunkIsAStatus() {
    InboundCall call = open();
    assertThat(call.respond(ResponseStatus.FAIL, link.buffer(pattern(2)))).isTrue();
    ByteBuf late = link.buffer(pattern(3));
    call.send(late);
    call.end();

    assertThat(late.refCnt()).isZero();
    assertThat(concat(link.flush()))
        .isEqualTo(WireStream.whole(13, FIRST_ANSWER, answer(1, 7, 1, pattern(2))));
  }

  @Test
  void aFailureAfterTheFirstChunkIsASecondAnswerAndThenACancelAloneInItsMessage() {
    InboundCall call = open();
    call.send(link.buffer(pattern(3)));
    assertThat(call.respond(ResponseStatus.FAIL, link.buffer(pattern(2)))).isTrue();
    call.end();

    byte[] failure = WireStream.whole(13, FIRST_ANSWER + 1, answer(1, 0, 1, pattern(2)));
    assertThat(link.flush())
        .containsExactly(concat(expected.open(header(pattern(3))), failure), expected.cancel());
    assertThat(call.isOpen()).isFalse();
    assertThat(link.dispatcher().inboundCalls()).isZero();
  }

  @Test
  void aPeerThatCancelsGetsACancelAloneInItsMessageAndNothingMore() {
    InboundCall call = open();
    call.send(link.buffer(pattern(3)));
    link.receive(request.cancel());
    ByteBuf late = link.buffer(pattern(4));
    call.send(late);
    call.end();

    assertThat(late.refCnt()).isZero();
    assertThat(link.flush()).containsExactly(expected.open(header(pattern(3))), expected.cancel());
    assertThat(router.log()).containsExactly("call 1", "cancel 1");
  }

  @Test
  void theCancelGoesBetweenTheMessagesOfOtherCalls() {
    InboundCall call = open();
    call.send(link.buffer(pattern(3)));
    link.flush();
    link.receive(WireStream.whole(13, 2, call(2, 7, NOTHING, NOTHING)));
    router.call(2).call().respond(ResponseStatus.SUCCESS, link.buffer(pattern(1)));
    call.respond(ResponseStatus.FAIL, link.buffer(NOTHING));
    link.receive(WireStream.whole(13, 3, call(3, 7, NOTHING, NOTHING)));
    router.call(3).call().respond(ResponseStatus.SUCCESS, link.buffer(pattern(1)));

    List<List<String>> messages =
        link.flush().stream()
            .map(each -> Wire.frames(13, each).stream().map(WireFrame::summary).toList())
            .toList();
    assertThat(messages)
        .containsExactly(
            List.of(
                "2147483649#0 open 17",
                "2147483649#1 end 0",
                "2147483650#0 open 16",
                "2147483650#1 end 0"),
            List.of("2147483648#1 cancel 0"),
            List.of("2147483651#0 open 17", "2147483651#1 end 0"));
  }

  @Test
  void anAnswerMayEndBeforeItsRequestWhoseRestIsDropped() {
    InboundCall call = open();
    call.end();
    link.receive(request.data(pattern(5)));
    assertThat(link.bufferedBytes()).isZero();
    link.receive(request.end());

    assertThat(router.log()).containsExactly("call 1");
    assertThat(router.call(1).listener().pieces()).isZero();
    assertThat(link.dispatcher().session().openStreams()).isZero();
    assertThat(link.flushSummaries(13)).hasSize(2);
  }

  @Test
  void theRequestIdIsFreeWhenTheAnswerHasEnded() {
    InboundCall call = open();
    link.receive(request.end());
    call.send(link.buffer(pattern(1)));
    link.receive(new WireStream(13, 2).open(call(1, 7, NOTHING, NOTHING)));
    assertThat(router.log()).endsWith("stream 2 REQUEST_ID_IN_USE");
    call.end();
    link.receive(new WireStream(13, 3).open(call(1, 8, NOTHING, NOTHING)));

    assertThat(router.call(1).call().methodId()).isEqualTo(8);
  }

  @Test
  void aDeadFirstChunkLeavesTheCallToBeAnswered() {
    InboundCall call = open();
    ByteBuf dead = link.buffer(pattern(3));
    dead.release();
    assertThatThrownBy(() -> call.send(dead)).isInstanceOf(IllegalReferenceCountException.class);
    assertThat(call.respond(ResponseStatus.SYSTEM_ERROR, link.buffer(NOTHING))).isTrue();

    assertThat(concat(link.flush()))
        .isEqualTo(WireStream.whole(13, FIRST_ANSWER, answer(1, 7, 2, NOTHING)));
  }

  @Test
  void aDeadChunkLaterDoesNotBeginAFrame() {
    InboundCall call = open();
    call.send(link.buffer(pattern(3)));
    ByteBuf dead = link.buffer(pattern(3));
    dead.release();
    assertThatThrownBy(() -> call.send(dead)).isInstanceOf(IllegalReferenceCountException.class);
    call.respond(ResponseStatus.SYSTEM_ERROR, link.buffer(NOTHING));

    byte[] failure = WireStream.whole(13, FIRST_ANSWER + 1, answer(1, 0, 2, NOTHING));
    assertThat(link.flush())
        .containsExactly(concat(expected.open(header(pattern(3))), failure), expected.cancel());
  }

  @Test
  void aConnectionThatClosesBeforeTheAnswerTellsTheCall() {
    InboundCall call = open();
    assertGoneAfterClose(call);
  }

  @Test
  void aConnectionThatClosesWhileTheAnswerStreamsTellsTheCall() {
    InboundCall call = open();
    call.send(link.buffer(pattern(3)));
    link.flush();
    assertGoneAfterClose(call);
  }

  private void assertGoneAfterClose(InboundCall call) {
    link.dispatcher().close(new IllegalStateException("gone"));
    ByteBuf chunk = link.buffer(pattern(3));
    ByteBuf body = link.buffer(pattern(3));
    call.send(chunk);
    call.end();
    assertThat(call.respond(ResponseStatus.FAIL, body)).isFalse();

    assertThat(chunk.refCnt() + body.refCnt()).isZero();
    assertThat(router.log()).containsExactly("call 1", "failure 1");
    assertThat(link.sent()).isEmpty();
  }
}
