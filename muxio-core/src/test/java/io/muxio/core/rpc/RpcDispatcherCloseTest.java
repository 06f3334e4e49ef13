package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.answer;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.muxio.core.frame.Turn;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RpcDispatcherCloseTest {
  private final Exception gone = new IllegalStateException("gone");

  private final Link link = Link.client();

  @AfterEach
  void close() {
    link.close();
  }

  @Test
  void everyCallOfBothDirectionsIsToldOnce() {
    List<RecordingListener> listeners = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      listeners.add(link.call(7, pattern(3)));
      link.receive(frame(13, i, 0, Wire.OPEN, call(i, 7, NOTHING, NOTHING)));
    }
    link.receive(frame(13, 9, 0, Wire.OPEN, answer(2, 7, 0, pattern(3))));
    link.router().calls().forEach(call -> listeners.add(call.listener()));
    link.dispatcher().close(gone);
    link.dispatcher().close(new IllegalStateException("again"));

    assertThat(listeners)
        .hasSize(10)
        .allSatisfy(listener -> assertThat(listener.failures()).containsExactly(gone));
    assertThat(link.dispatcher().pendingCalls()).isZero();
    assertThat(link.dispatcher().inboundCalls()).isZero();
  }

  @Test
  void aListenerThatThrowsDoesNotKeepTheOthersFromBeingTold() {
    List<RecordingListener> listeners = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      RecordingListener listener = new RecordingListener();
      listener.then(
          event -> {
            throw new IllegalStateException("from a listener");
          });
      link.call(7, NOTHING, listener);
      listeners.add(listener);
    }
    for (int i = 0; i < 4; i++) {
      link.receive(frame(13, i, 0, Wire.OPEN, call(i, 7, NOTHING, NOTHING)));
    }
    for (RecordingRouter.Received call : link.router().calls()) {
      call.listener()
          .then(
              event -> {
                throw new IllegalStateException("from a listener");
              });
      listeners.add(call.listener());
    }
    link.dispatcher().close(gone);

    assertThat(listeners)
        .hasSize(8)
        .allSatisfy(listener -> assertThat(listener.failures()).containsExactly(gone));
  }

  @Test
  void callsAreRefusedAfterwards() {
    link.dispatcher().close(gone);
    ByteBuf parameters = link.buffer(pattern(9));

    assertThatIllegalStateException()
        .isThrownBy(() -> link.dispatcher().call(7, parameters, new RecordingListener()))
        .withCause(gone);
    assertThat(parameters.refCnt()).isZero();
  }

  @Test
  void aListenerThatCallsAgainIsRefused() {
    RecordingListener again = new RecordingListener();
    List<RuntimeException> refused = new ArrayList<>();
    again.then(
        event -> {
          try {
            link.dispatcher().call(7, Unpooled.EMPTY_BUFFER, new RecordingListener());
          } catch (IllegalStateException e) {
            refused.add(e);
          }
        });
    link.call(7, NOTHING, again);
    link.dispatcher().close(gone);

    assertThat(refused).hasSize(1);
    assertThat(link.dispatcher().pendingCalls()).isZero();
  }

  @Test
  void whatWasNotFlushedIsReleasedAndNotSent() {
    link.call(7, pattern(5000));
    link.call(7, pattern(70_000));
    link.sent();
    link.dispatcher().close(gone);

    assertThat(link.flush()).isEmpty();
    assertThat(link.memory()).isZero();
  }

  @Test
  void anAnswerAfterwardsGoesNowhere() {
    link.receive(frame(13, 1, 0, Wire.OPEN, call(1, 7, NOTHING, NOTHING)));
    InboundCall call = link.router().call(1).call();
    link.dispatcher().close(gone);

    assertThat(call.isOpen()).isFalse();
    assertThat(call.respond(ResponseStatus.SUCCESS, link.buffer(pattern(9)))).isFalse();
    assertThat(link.flush()).isEmpty();
  }

  @Test
  void callsThatAreOverAreNotTold() {
    RecordingListener answered = link.call(7, NOTHING);
    RecordingListener abandoned = new RecordingListener();
    link.call(7, NOTHING, abandoned).abandon();
    link.receive(frame(13, 9, 0, Wire.END, answer(0, 7, 0, NOTHING)));
    link.receive(frame(13, 1, 0, Wire.OPEN, call(1, 7, NOTHING, NOTHING)));
    link.router().call(1).call().respond(ResponseStatus.SUCCESS, link.buffer(NOTHING));
    link.dispatcher().close(gone);

    assertThat(answered.failures()).isEmpty();
    assertThat(abandoned.failures()).isEmpty();
    assertThat(link.router().call(1).listener().failures()).isEmpty();
  }

  @Test
  void aListenerMayCloseTheConnectionAtAnyEvent() {
    for (String when : List.of("header", "payload", "end")) {
      try (Link other = Link.client()) {
        RecordingListener answer = new RecordingListener();
        answer.then(
            event -> {
              if (event.equals(when)) {
                other.dispatcher().close(gone);
              }
            });
        other.call(7, NOTHING, answer);
        byte[] stream = frame(13, 9, 0, Wire.END, answer(0, 7, 0, pattern(3)));
        ByteBuf bytes = other.buffer(Wire.concat(stream, stream, stream));
        other.dispatcher().session().receive(bytes, true);
        bytes.release();

        assertThat(answer.events()).as(when).endsWith(when.equals("end") ? "end" : "failure");
        assertThat(other.router().failures()).isEmpty();
      }
    }
  }

  @Test
  void inTurnsEveryCallIsToldOnceAndTheLastTurnReleasesAll() {
    List<RecordingListener> listeners = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      listeners.add(link.call(7, pattern(3)));
      link.receive(frame(13, i, 0, Wire.OPEN, call(i, 7, NOTHING, NOTHING)));
      link.receive(frame(13, 100 + i, 1, Wire.DATA, pattern(20))); // held, as it is ahead
    }
    link.router().calls().forEach(call -> listeners.add(call.listener()));
    Turn turn = Turn.of(8);
    int turns = 1;
    List<Long> told = new ArrayList<>();
    for (; !link.dispatcher().close(gone, turn.begin()); turns++) {
      told.add(listeners.stream().filter(listener -> !listener.failures().isEmpty()).count());
      assertThatIllegalStateException().isThrownBy(() -> link.call(7, NOTHING)).withCause(gone);
    }

    assertThat(told).startsWith(2L, 4L, 6L);
    assertThat(turns).isGreaterThan(40);
    assertThat(listeners)
        .hasSize(80)
        .allSatisfy(listener -> assertThat(listener.failures()).containsExactly(gone));
    assertThat(link.bufferedBytes()).isZero();
    assertThat(link.dispatcher().close(gone, turn.begin())).as("nothing left").isTrue();
  }

  @Test
  void aCallThatHasNotBeenToldYetIsOverToo() {
    for (int i = 0; i < 4; i++) {
      link.receive(frame(13, i, 0, Wire.OPEN, call(i, 7, NOTHING, NOTHING)));
    }
    assertThat(link.dispatcher().close(gone, Turn.of(1))).isFalse();
    List<RecordingRouter.Received> untold =
        link.router().calls().stream()
            .filter(call -> call.listener().failures().isEmpty())
            .toList();
    assertThat(untold).hasSize(3);
    InboundCall answers = untold.get(0).call();
    assertThat(answers.isOpen()).isFalse();
    assertThat(answers.respond(ResponseStatus.SUCCESS, link.buffer(pattern(9)))).isFalse();
    untold.get(1).call().send(link.buffer(pattern(9)));
    link.dispatcher().close(gone);

    assertThat(untold.get(0).listener().failures()).as("it has answered").isEmpty();
    assertThat(untold.get(1).listener().failures()).containsExactly(gone);
    assertThat(untold.get(2).listener().failures()).containsExactly(gone);
    assertThat(link.flush()).isEmpty();
  }

  @Test
  void aListenerThatClosesAgainHoldsNothingUp() {
    List<RecordingListener> listeners = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      RecordingListener listener = new RecordingListener();
      listener.then(event -> link.dispatcher().close(new IllegalStateException("again")));
      link.call(7, NOTHING, listener);
      listeners.add(listener);
    }
    link.dispatcher().close(gone);

    assertThat(listeners)
        .allSatisfy(listener -> assertThat(listener.failures()).containsExactly(gone));
  }
}
