package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.answer;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireStream;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of the peer. */
class InboundCallTest {
  private final Link link = Link.server();
  private final RecordingRouter router = link.router();

  @AfterEach
  void close() {
    link.close();
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerCarriesStatusAndBody(ResponseStatus status) {
    receiveWhole(1);
    assertThat(router.call(1).call().respond(status, link.buffer(pattern(5)))).isTrue();

    assertThat(concat(link.flush()))
        .isEqualTo(WireStream.whole(13, 0x8000_0000, answer(1, 7, status.code(), pattern(5))));
  }

  @Test
  void aSecondAnswerGoesNowhere() {
    receiveWhole(1);
    InboundCall call = router.call(1).call();
    assertThat(call.isOpen()).isTrue();
    call.respond(ResponseStatus.SUCCESS, link.buffer(NOTHING));
    ByteBuf second = link.buffer(pattern(5));

    assertThat(call.isOpen()).isFalse();
    assertThat(call.respond(ResponseStatus.FAIL, second)).isFalse();
    assertThat(second.refCnt()).isZero();
    assertThat(link.flushSummaries(13)).hasSize(2);
  }

  @Test
  void anAnswerAfterACancelGoesNowhere() {
    WireStream stream = new WireStream(13, 1);
    link.receive(stream.open(call(1, 7, NOTHING, NOTHING)), stream.cancel());
    InboundCall call = router.call(1).call();

    assertThat(router.log()).containsExactly("call 1", "cancel 1");
    assertThat(call.isOpen()).isFalse();
    assertThat(call.respond(ResponseStatus.SUCCESS, link.buffer(pattern(5)))).isFalse();
    assertThat(link.flush()).isEmpty();
    assertThat(link.dispatcher().inboundCalls()).isZero();
  }

  @Test
  void aCallMayBeAnsweredBeforeItsRequestIsWhole() {
    router.route(
        received -> {
          received.call().respond(ResponseStatus.METHOD_NOT_FOUND, link.buffer(NOTHING));
          return RpcStreamListener.DISCARD;
        });
    WireStream stream = new WireStream(13, 1);
    link.receive(stream.open(call(1, 7, NOTHING, pattern(5))), stream.data(pattern(5)));
    assertThat(link.flushSummaries(13)).hasSize(2);
    link.receive(stream.end());

    assertThat(router.log()).containsExactly("call 1");
    assertThat(link.dispatcher().session().openStreams()).isZero();
  }

  @Test
  void aListenerOfAnAnsweredCallHearsNothingMore() {
    WireStream stream = new WireStream(13, 1);
    link.receive(stream.open(call(1, 7, NOTHING, pattern(5))));
    router.call(1).call().respond(ResponseStatus.FAIL, link.buffer(NOTHING));
    link.receive(stream.data(pattern(5)), stream.cancel());

    assertThat(router.log()).containsExactly("call 1");
    assertThat(router.call(1).listener().payload()).isEqualTo(pattern(5));
  }

  @Test
  void aRequestIdInUseFailsTheSecondStreamOnly() {
    receiveWhole(1);
    link.receive(WireStream.whole(13, 2, call(1, 8, pattern(3), pattern(3))));

    assertThat(router.log()).containsExactly("call 1", "end 1", "stream 2 REQUEST_ID_IN_USE");
    assertThat(router.call(1).call().isOpen()).isTrue();
    router.call(1).call().respond(ResponseStatus.SUCCESS, link.buffer(NOTHING));
    receiveWhole(1);
    assertThat(router.log()).endsWith("call 1", "end 1");
  }

  @Test
  void aFailedRequestMayStillBeAnsweredByItsListener() {
    router.route(
        received -> {
          received
              .listener()
              .then(
                  event -> {
                    if (event.equals("failure")) {
                      received.call().respond(ResponseStatus.FAIL, link.buffer(pattern(2)));
                    }
                  });
          return received.listener();
        });
    link.receive(frame(13, 1, 0, Wire.OPEN, call(1, 7, NOTHING, NOTHING)));
    link.receive(frame(13, 1, 0, Wire.OPEN, NOTHING));

    assertThat(concat(link.flush()))
        .isEqualTo(WireStream.whole(13, 0x8000_0000, answer(1, 7, 1, pattern(2))));
    assertThat(link.dispatcher().inboundCalls()).isZero();
  }

  @Test
  void aListenerThatThrowsFromPayloadFailsItsStream() {
    ProtocolException tooMuch = ProtocolException.stream(Reason.PAYLOAD_TOO_LARGE, "too much");
    router.route(
        received -> {
          received
              .listener()
              .then(
                  event -> {
                    if (event.equals("payload")) {
                      throw tooMuch;
                    }
                  });
          return received.listener();
        });
    WireStream stream = new WireStream(13, 1);
    link.receive(stream.open(call(1, 7, NOTHING, pattern(5))), stream.data(pattern(5)));
    link.receive(stream.end());

    assertThat(router.call(1).listener().failures()).containsExactly(tooMuch);
    assertThat(router.call(1).listener().pieces()).isEqualTo(1);
    assertThat(router.failures()).hasSize(1);
    assertThat(link.dispatcher().inboundCalls()).isZero();
    assertThat(link.dispatcher().session().openStreams()).isZero();
  }

  @Test
  void headerAndBodyInAnEndAreRead() {
    link.receive(frame(13, 1, 0, Wire.END, call(1, 7, pattern(3), pattern(5))));

    assertThat(router.log()).containsExactly("call 1", "end 1");
    assertThat(router.call(1).metadataBytes()).isEqualTo(pattern(3));
    assertThat(router.call(1).listener().payload()).isEqualTo(pattern(5));
  }

  private void receiveWhole(int request) {
    link.receive(WireStream.whole(13, request, call(request, 7, pattern(3), pattern(3))));
  }
}
