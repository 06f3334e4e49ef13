package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Executors that take no more tasks. */
class RejectionTest {
  private static final RpcMethod<ByteBuf, ByteBuf> PASS =
      RpcMethod.unary("pass", Codec.byteBuf(), Codec.byteBuf());
  private static final RpcMethod<ByteBuf, ByteBuf> ON_LOOP =
      RpcMethod.unary("on.loop", Codec.byteBuf(), Codec.byteBuf());
  private static final RpcMethod<byte[], byte[]> ASYNC =
      RpcMethod.unary("async", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> FAILING =
      RpcMethod.unary("failing", Codec.bytes(), Codec.bytes());

  private final CompletableFuture<byte[]> later = new CompletableFuture<>();
  private final List<CallContext> contexts = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final EndpointLink link =
      new EndpointLink(
          RpcEndpoint.builder()
              .handle(PASS, (request, call) -> request)
              .handle(ON_LOOP, (request, call) -> request, ExecutionMode.EVENT_LOOP)
              .handle(
                  FAILING,
                  (request, call) -> {
                    throw new RpcException(RpcStatus.FAIL, "no");
                  })
              .handleAsync(
                  ASYNC,
                  (request, call) -> {
                    contexts.add(call);
                    return later;
                  }));

  @AfterEach
  void nothingIsLeft() {
    link.handlers.reject(false);
    link.loop.reject(false);
    link.finish();
  }

  @Test
  void aFullHandlerExecutorIsAnsweredAtOnce() {
    link.handlers.reject(true);
    Answer small = link.call(PASS, "a");
    Answer large = link.call(PASS, Wire.pattern(200_000));
    Answer onLoop = link.call(ON_LOOP, "b");
    small.assertTextContains(ResponseStatus.SYSTEM_ERROR, "overloaded");
    large.assertTextContains(ResponseStatus.SYSTEM_ERROR, "overloaded");
    onLoop.assertSuccess("b");
    assertThat(link.bufferedBytes()).isZero();
    assertThat(link.inboundCalls()).isZero();
  }

  @Test
  void callsAreServedAgainWhenTheHandlerExecutorHasRoom() {
    link.handlers.reject(true);
    link.call(PASS, "a");
    link.handlers.reject(false);
    Answer answer = link.call(PASS, "b");
    link.settle();
    answer.assertSuccess("b");
  }

  @Test
  void actionsOnCancelThatTheHandlerExecutorRefusesAreDropped() {
    link.call(ASYNC, "a");
    link.handlers.runAll();
    contexts.get(0).onCancel(() -> events.add("first"));
    contexts.get(0).onCancel(() -> events.add("second"));
    link.handlers.reject(true);
    link.disconnect();
    assertThat(contexts.get(0).isCancelled()).isTrue();
    assertThat(link.bufferedBytes()).isZero();
    contexts.get(0).onCancel(() -> events.add("third"));
    assertThat(events).isEmpty();
  }

  @Test
  void anAnswerForAConnectionThatTakesNoTasksIsReleased() {
    Answer answer = link.call(PASS, Wire.pattern(100_000));
    link.loop.reject(true);
    link.handlers.runAll();
    assertThat(link.memory()).as("request and answer").isZero();
    link.disconnect();
    assertThat(link.bufferedBytes()).isZero();
    answer.assertNone();
  }

  @Test
  void aFailureForAConnectionThatTakesNoTasksIsReleased() {
    Answer answer = link.call(FAILING, "a");
    link.loop.reject(true);
    link.handlers.runAll();
    assertThat(link.memory()).isZero();
    link.disconnect();
    assertThat(link.bufferedBytes()).isZero();
    answer.assertNone();
  }

  @Test
  void aLateAnswerForAConnectionThatIsGoneWithItsThreadIsDropped() {
    link.call(ASYNC, "a");
    link.handlers.runAll();
    link.disconnect();
    link.loop.reject(true);
    later.complete(new byte[1]);
    assertThat(later).isCompleted();
    assertThat(link.bufferedBytes()).isZero();
  }
}
