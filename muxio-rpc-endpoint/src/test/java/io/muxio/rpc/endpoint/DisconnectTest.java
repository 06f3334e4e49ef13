package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.DATA;
import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static io.muxio.rpc.endpoint.Wire.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The connection ends while calls are being served. */
class DisconnectTest {
  private static final RpcMethod<ByteBuf, ByteBuf> BLOCKING =
      RpcMethod.unary("blocking", Codec.byteBuf(), Codec.byteBuf());
  private static final RpcMethod<byte[], ByteBuf> ASYNC =
      RpcMethod.unary("async", Codec.bytes(), Codec.byteBuf());

  private final List<CallContext> contexts = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final List<CompletableFuture<ByteBuf>> later = new ArrayList<>();
  private final EndpointLink link =
      new EndpointLink(
          RpcEndpoint.builder()
              .handle(BLOCKING, this::disconnectMeanwhile)
              .handleAsync(ASYNC, this::answerLater));

  /** What was handed out before or after the connection ended. */
  private enum Outcome {
    ANSWER,
    FAILURE
  }

  private ByteBuf disconnectMeanwhile(ByteBuf request, CallContext call) {
    contexts.add(call);
    call.onCancel(() -> events.add("cancelled"));
    link.disconnect();
    events.add(call.isCancelled() ? "handler knows" : "handler does not know");
    return request;
  }

  private CompletionStage<ByteBuf> answerLater(byte[] request, CallContext call) {
    contexts.add(call);
    call.onCancel(
        () ->
            events.add(
                "cancelled on " + (link.handlers.isRunning() ? "" : "no ") + "handler thread"));
    later.add(new CompletableFuture<>());
    return later.get(later.size() - 1);
  }

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  @Test
  void aRequestThatIsNotCompleteIsReleased() {
    link.receive(
        Wire.frame(1, 0, OPEN, Wire.call(7, ASYNC.id(), NOTHING, NOTHING)),
        Wire.frame(1, 1, DATA, Wire.pattern(50_000)),
        Wire.frame(1, 2, DATA, Wire.pattern(50_000)));
    assertThat(link.bufferedBytes()).isEqualTo(100_000);
    link.disconnect();
    assertThat(link.bufferedBytes()).isZero();
    assertThat(link.memory()).isZero();
    link.settle();
    assertThat(contexts).isEmpty();
  }

  @Test
  void aHandlerThatHasNotBegunIsNotCalled() {
    link.call(ASYNC, Wire.pattern(100_000));
    link.disconnect();
    assertThat(link.bufferedBytes()).isZero();
    link.settle();
    assertThat(contexts).isEmpty();
    assertThat(link.memory()).isZero();
  }

  @Test
  void aBlockingHandlerIsToldAndItsLateAnswerIsReleased() {
    Answer answer = link.call(BLOCKING, Wire.pattern(100_000));
    link.settle();
    assertThat(events).containsExactly("handler knows", "cancelled");
    answer.assertNone();
    assertThat(link.serverMessages()).isZero();
    assertThat(link.memory()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Outcome.class)
  void anAsyncHandlerIsToldAndItsLateOutcomeIsDropped(Outcome outcome) {
    link.call(ASYNC, "a");
    link.handlers.runAll();
    link.disconnect();
    assertThat(contexts.get(0).isCancelled()).isTrue();
    assertThat(events).as("not on the connection's thread").isEmpty();
    link.handlers.runAll();
    assertThat(events).containsExactly("cancelled on handler thread");
    settle(outcome, later.get(0));
    link.settle();
    assertThat(link.serverMessages()).isZero();
    assertThat(link.memory()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Outcome.class)
  void anOutcomeOnItsWayToTheConnectionIsDropped(Outcome outcome) {
    link.call(ASYNC, "a");
    link.handlers.runAll();
    settle(outcome, later.get(0));
    assertThat(link.loop.waiting()).isEqualTo(1);
    link.disconnect();
    link.settle();
    assertThat(link.serverMessages()).isZero();
    assertThat(link.memory()).isZero();
  }

  private void settle(Outcome outcome, CompletableFuture<ByteBuf> stage) {
    switch (outcome) {
      case ANSWER -> stage.complete(link.buffer(Wire.pattern(10_000)));
      case FAILURE -> stage.completeExceptionally(new IOException("too late"));
    }
  }

  @Test
  void anAnswerThatWasWrittenAndNotFlushedIsReleased() {
    link.call(ASYNC, "a");
    link.handlers.runAll();
    later.get(0).complete(link.buffer(Wire.pattern(10_000)));
    link.loop.runAll();
    assertThat(link.memory()).isNotZero();
    link.disconnect();
    assertThat(link.memory()).isZero();
    assertThat(contexts.get(0).isCancelled()).as("answered before").isFalse();
  }

  @Test
  void aHandlerOnTheEventLoopMayEndItsOwnConnection() {
    RpcMethod<ByteBuf, ByteBuf> last = RpcMethod.unary("last", Codec.byteBuf(), Codec.byteBuf());
    EndpointLink[] other = new EndpointLink[1];
    other[0] =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(
                    last,
                    (request, call) -> {
                      other[0].disconnect();
                      events.add(call.isCancelled() ? "handler knows" : "handler does not know");
                      return request;
                    },
                    ExecutionMode.EVENT_LOOP));
    Answer answer = other[0].callWithoutFlush(last, Wire.pattern(1000));
    Answer next = other[0].callWithoutFlush(last, Wire.pattern(1000));
    other[0].exchange();
    assertThat(events).containsExactly("handler knows");
    answer.assertNone();
    next.assertNone();
    other[0].finish();
  }

  @Test
  void anAnsweredCallIsNotCancelled() {
    Answer answer = link.call(ASYNC, "a");
    link.handlers.runAll();
    later.get(0).complete(link.buffer(new byte[] {'x'}));
    link.settle();
    answer.assertSuccess("x");
    link.disconnect();
    link.settle();
    assertThat(contexts.get(0).isCancelled()).isFalse();
    contexts.get(0).onCancel(() -> events.add("late"));
    link.settle();
    assertThat(events).isEmpty();
  }

  @Test
  void anActionThatComesAfterTheCancelRunsToo() {
    link.call(ASYNC, "a");
    link.handlers.runAll();
    link.disconnect();
    contexts.get(0).onCancel(() -> events.add("late"));
    assertThat(events).isEmpty();
    link.handlers.runAll();
    assertThat(events).containsExactly("cancelled on handler thread", "late");
    later.get(0).cancel(false);
  }

  @Test
  void everyActionRunsOnceAlsoAfterOneThatThrows() {
    link.call(ASYNC, "a");
    link.handlers.runAll();
    contexts
        .get(0)
        .onCancel(
            () -> {
              throw new IllegalStateException("broken action");
            });
    contexts.get(0).onCancel(() -> events.add("second"));
    contexts.get(0).onCancel(() -> events.add("third"));
    link.disconnect();
    link.disconnect();
    link.settle();
    assertThat(events).containsExactly("cancelled on handler thread", "second", "third");
  }

  @Test
  void allCallsOfTheConnectionAreCancelled() {
    for (int i = 0; i < 100; i++) {
      link.call(ASYNC, Wire.pattern(1000));
    }
    for (int i = 0; i < 50; i++) {
      link.handlers.runNext();
    }
    link.disconnect();
    assertThat(link.bufferedBytes()).isZero();
    link.settle();
    assertThat(contexts).hasSize(50).allMatch(CallContext::isCancelled);
    assertThat(events).hasSize(50);
    later.forEach(stage -> stage.complete(link.buffer(Wire.pattern(100))));
    link.settle();
    assertThat(link.memory()).isZero();
  }
}
