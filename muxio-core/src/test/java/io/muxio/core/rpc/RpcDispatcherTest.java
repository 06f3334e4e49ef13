package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.answer;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls to the peer and their answers. */
class RpcDispatcherTest {
  @ParameterizedTest
  @ValueSource(longs = {7, 0, -1})
  void anAnswerIsRoutedByItsRequestIdWhateverItsMethodId(long method) {
    try (Link link = Link.client()) {
      RecordingListener first = link.call(7, pattern(3));
      RecordingListener second = link.call(7, pattern(3));
      link.receive(WireStream.whole(13, 1, answer(1, method, 0, pattern(5))));

      assertThat(first.events()).isEmpty();
      assertThat(second.events()).containsExactly("header", "end");
      assertThat(second.header().methodId()).isEqualTo(method);
      assertThat(second.payload()).isEqualTo(pattern(5));
      assertThat(link.dispatcher().pendingCalls()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerMayBeCancelled() {
    try (Link link = Link.client()) {
      RecordingListener answer = link.call(7, NOTHING);
      WireStream stream = new WireStream(13, 1);
      link.receive(stream.open(answer(0, 7, 0, pattern(5))), stream.cancel());

      assertThat(answer.events()).containsExactly("header", "cancel");
      assertThat(link.dispatcher().pendingCalls()).isZero();
    }
  }

  @Test
  void aSecondAnswerFailsItsOwnStreamWhileTheFirstGoesOn() {
    try (Link link = Link.client()) {
      RecordingListener answer = link.call(7, NOTHING);
      WireStream first = new WireStream(13, 1);
      link.receive(first.open(answer(0, 7, 0, pattern(5))));
      link.receive(WireStream.whole(13, 2, answer(0, 7, 0, pattern(9))));
      link.receive(first.data(pattern(5)), first.end());
      link.receive(WireStream.whole(13, 3, answer(0, 7, 1, pattern(9))));

      assertThat(answer.events()).containsExactly("header", "end");
      assertThat(answer.payload()).isEqualTo(concat(pattern(5), pattern(5)));
      assertThat(link.router().log())
          .containsExactly("stream 2 UNEXPECTED_RESPONSE", "stream 3 UNEXPECTED_RESPONSE");
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void aFailureTakesThePlaceOfAnAnswerThatHasNotEnded() {
    try (Link link = Link.client()) {
      RecordingListener listener = link.call(7, NOTHING);
      WireStream first = new WireStream(13, 1);
      link.receive(first.open(answer(0, 0, 0, pattern(5))));
      link.receive(WireStream.whole(13, 2, answer(0, 0, 2, pattern(9))));
      link.receive(first.cancel());

      assertThat(listener.events()).containsExactly("header", "header", "end");
      assertThat(listener.metadata()).containsExactly(2);
      assertThat(listener.payload()).isEqualTo(pattern(9));
      assertThat(link.router().log()).isEmpty();
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void anAnswerToAnUnknownRequestFailsItsStream() {
    try (Link link = Link.client()) {
      link.receive(WireStream.whole(13, 2, answer(99, 7, 0, pattern(9))));

      assertThat(link.router().failureReasons()).containsExactly(Reason.UNEXPECTED_RESPONSE);
    }
  }

  @Test
  void theLateAnswerOfAnAbandonedCallIsDropped() {
    try (Link link = Link.client()) {
      RecordingListener answer = new RecordingListener();
      PendingCall call = link.call(7, NOTHING, answer);
      int before = concat(link.flush()).length;
      call.abandon();
      call.abandon();
      assertThat(link.dispatcher().pendingCalls()).isZero();
      assertThat(link.flush()).as("nothing is sent, %s bytes were", before).isEmpty();
      link.receive(WireStream.whole(13, 1, answer(0, 7, 0, pattern(9))));

      assertThat(answer.events()).isEmpty();
      assertThat(link.router().failures()).isEmpty();
      link.receive(WireStream.whole(13, 1, answer(0, 7, 0, pattern(9))));
      assertThat(link.router().failureReasons()).containsExactly(Reason.UNEXPECTED_RESPONSE);
    }
  }

  @Test
  void aCallThatIsAbandonedWithinItsAnswerHearsNothingMore() {
    try (Link link = Link.client()) {
      RecordingListener answer = new RecordingListener();
      PendingCall call = link.call(7, NOTHING, answer);
      WireStream stream = new WireStream(13, 1);
      link.receive(stream.open(answer(0, 7, 0, pattern(5))));
      call.abandon();
      link.receive(stream.data(pattern(5)), stream.end());

      assertThat(answer.events()).containsExactly("header");
      assertThat(answer.payload()).isEqualTo(pattern(5));
      assertThat(link.router().failures()).isEmpty();
    }
  }

  @Test
  void aCallMayBeAbandonedByItsOwnListenerAtAnyEvent() {
    for (String when : List.of("header", "payload", "end")) {
      try (Link link = Link.client()) {
        List<PendingCall> calls = new ArrayList<>();
        RecordingListener answer = new RecordingListener();
        answer.then(
            event -> {
              if (event.equals(when)) {
                calls.get(0).abandon();
              }
            });
        calls.add(link.call(7, NOTHING, answer));
        WireStream stream = new WireStream(13, 1);
        link.receive(stream.open(answer(0, 7, 0, pattern(5))), stream.data(pattern(5)));
        link.receive(stream.end());

        assertThat(answer.pieces())
            .isEqualTo(when.equals("header") ? 0 : when.equals("end") ? 2 : 1);
        assertThat(answer.events()).endsWith(when.equals("end") ? "end" : "header");
        assertThat(link.dispatcher().pendingCalls()).isZero();
        assertThat(link.dispatcher().session().openStreams()).isZero();
      }
    }
  }

  @Test
  void requestIdsWrap() {
    try (Link link =
        Link.client(FrameFormat.GENERATION_13, config -> config.withFirstId(0x7fff_fffe))) {
      assertThat(link.call(7, NOTHING, new RecordingListener()).requestId()).isEqualTo(0x7fff_fffe);
      assertThat(link.call(7, NOTHING, new RecordingListener()).requestId()).isEqualTo(0x7fff_ffff);
      assertThat(link.call(7, NOTHING, new RecordingListener()).requestId()).isZero();
      assertThat(link.call(7, NOTHING, new RecordingListener()).requestId()).isEqualTo(1);
      assertThat(Wire.frames(13, concat(link.flush())))
          .filteredOn(frame -> frame.kind() == Wire.OPEN)
          .extracting(frame -> frame.stream())
          .containsExactly(0x7fff_fffe, 0x7fff_ffff, 0, 1);
    }
  }

  @Test
  void aServersIdsHaveTheHighBitAlsoAfterTheyWrapped() {
    try (Link link = Link.server(config -> config.withFirstId(-1))) {
      link.receive(frame(13, 0, 0, Wire.PONG, NOTHING));

      assertThat(link.call(7, NOTHING, new RecordingListener()).requestId()).isEqualTo(-1);
      assertThat(link.call(7, NOTHING, new RecordingListener()).requestId()).isEqualTo(0x8000_0000);
    }
  }

  @Test
  void theOldestAbandonedRequestIsForgottenOverTheLimit() {
    CoreLimits limits = CoreLimits.builder().maxPendingCalls(2).build();
    try (Link link = Link.client(FrameFormat.GENERATION_13, config -> config.withLimits(limits))) {
      for (int i = 0; i < 3; i++) {
        link.call(7, NOTHING, new RecordingListener()).abandon();
      }
      for (int i = 0; i < 3; i++) {
        link.receive(WireStream.whole(13, i, answer(i, 7, 0, NOTHING)));
      }

      assertThat(link.router().log()).containsExactly("stream 0 UNEXPECTED_RESPONSE");
    }
  }

  @Test
  void aServerCallsWhenItKnowsTheGeneration() {
    try (Link link = Link.server()) {
      link.call(7, pattern(10));
      assertThat(link.flush()).isEmpty();

      link.receive(WireStream.whole(21, 1, call(1, 7, NOTHING, NOTHING)));
      assertThat(link.flushSummaries(21))
          .containsExactly("2147483648#0 open 25", "2147483648#1 end 0");
    }
  }

  @Test
  void bothEndsMayUseTheSameRequestIds() {
    try (Link link = Link.client()) {
      RecordingListener answer = link.call(7, NOTHING);
      link.receive(WireStream.whole(13, 0, call(0, 8, pattern(2), NOTHING)));
      link.receive(WireStream.whole(13, 0, answer(0, 7, 0, NOTHING)));
      link.router().call(0).call().respond(ResponseStatus.SUCCESS, link.buffer(NOTHING));

      assertThat(answer.events()).containsExactly("header", "end");
      assertThat(link.router().log()).containsExactly("call 0", "end 0");
    }
  }

  @Test
  void anAnswerWithoutMetadataCountsAsSuccess() {
    try (Link link = Link.client()) {
      RecordingListener answer = link.call(7, NOTHING);
      link.receive(WireStream.whole(13, 0, Wire.rpc(Wire.RESPONSE, 0, 7, NOTHING, NOTHING)));

      assertThat(ResponseStatus.of(answer.header().metadata())).isEqualTo(ResponseStatus.SUCCESS);
    }
  }
}
