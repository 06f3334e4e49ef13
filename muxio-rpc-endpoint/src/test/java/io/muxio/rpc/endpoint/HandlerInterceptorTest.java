package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcError;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What interceptors may do with the call of a unary method. */
class HandlerInterceptorTest {
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<ByteBuf, ByteBuf> BUFFER =
      RpcMethod.unary("buffer", Codec.byteBuf(), Codec.byteBuf());

  private final List<String> events = new ArrayList<>();
  private EndpointLink link;

  private HandlerInterceptor logging(String name) {
    return (call, next) -> {
      events.add(name + " " + call.method().name());
      return next.proceed().whenComplete((answer, failure) -> events.add(name + " got " + answer));
    };
  }

  private RpcEndpoint.Builder endpoint(ExecutionMode mode) {
    return RpcEndpoint.builder()
        .handle(
            METHOD,
            (request, call) -> {
              events.add("handler");
              return request + "!";
            },
            mode);
  }

  private Answer call(RpcEndpoint.Builder endpoint) {
    link = new EndpointLink(endpoint);
    return link.call(METHOD, "hello");
  }

  @ParameterizedTest
  @EnumSource
  void theFirstIsTheOutermost(ExecutionMode mode) {
    Answer answer =
        call(
            endpoint(mode)
                .handlerInterceptor(logging("first"))
                .handlerInterceptor(logging("second")));
    link.settle();
    answer.assertSuccess("hello!");
    assertThat(events)
        .containsExactly(
            "first method", "second method", "handler", "second got hello!", "first got hello!");
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void runsWhereTheHandlerRuns(ExecutionMode mode) {
    List<Boolean> onLoop = new ArrayList<>();
    call(
        endpoint(mode)
            .handlerInterceptor(
                (call, next) -> {
                  onLoop.add(link.thread.isCurrent());
                  return next.proceed();
                }));
    link.settle();
    link.finish();
    assertThat(onLoop).containsExactly(mode == ExecutionMode.EVENT_LOOP);
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedRequestIsNotDecoded(ExecutionMode mode) {
    RpcMethod<String, String> decoded =
        RpcMethod.unary("method", new Undecodable(new AssertionError("decoded")), Codec.utf8());
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(decoded, (request, call) -> request, mode)
                .handlerInterceptor(
                    (call, next) -> {
                      throw new RpcException(RpcStatus.FAIL, "log in first");
                    }));
    Answer answer = link.call(METHOD, "hello");
    link.settle();
    answer.assertError(ResponseStatus.FAIL, RpcError.Code.FAIL, "log in first");
    link.finish();
  }

  private record Undecodable(Throwable why) implements Codec<String> {
    @Override
    public ByteBuf encode(String value, ByteBufAllocator allocator) {
      throw new AssertionError("not called");
    }

    @Override
    public String decode(ByteBuf bytes) {
      if (why instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) why;
    }
  }

  /** What is wrong with the bytes is told as it is without interceptors. */
  @ParameterizedTest
  @EnumSource
  void seesThatARequestCannotBeDecoded(ExecutionMode mode) {
    RpcMethod<String, String> decoded =
        RpcMethod.unary(
            "method", new Undecodable(new CodecException("no such letter")), Codec.utf8());
    List<Throwable> seen = new ArrayList<>();
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(decoded, (request, call) -> request, mode)
                .handlerInterceptor(
                    (call, next) ->
                        next.proceed().whenComplete((answer, failure) -> seen.add(failure))));
    Answer answer = link.call(METHOD, "hello");
    link.settle();
    answer.assertText(ResponseStatus.SYSTEM_ERROR, "the request cannot be decoded: no such letter");
    assertThat(seen).singleElement().isInstanceOf(RpcException.class);
    link.finish();
  }

  @Test
  void seesWhatAHandlerThrows() {
    RpcException thrown = new RpcException(RpcStatus.FAIL, "no");
    List<Throwable> seen = new ArrayList<>();
    Answer answer =
        call(
            RpcEndpoint.builder()
                .handle(
                    METHOD,
                    (request, call) -> {
                      throw thrown;
                    })
                .handlerInterceptor(
                    (call, next) ->
                        next.proceed().whenComplete((value, failure) -> seen.add(failure))));
    link.settle();
    assertThat(seen).containsExactly(thrown);
    answer.assertError(ResponseStatus.FAIL, RpcError.Code.FAIL, "no");
    link.finish();
  }

  @Test
  void mayAnswerInTheHandlersPlace() {
    Answer answer =
        call(
            endpoint(ExecutionMode.EXECUTOR)
                .handlerInterceptor(
                    (call, next) -> CompletableFuture.completedStage("from the cache")));
    link.settle();
    answer.assertSuccess("from the cache");
    assertThat(events).isEmpty();
    link.finish();
  }

  @Test
  void mayChangeTheAnswer() {
    Answer answer =
        call(
            endpoint(ExecutionMode.EXECUTOR)
                .handlerInterceptor((call, next) -> next.proceed().thenApply(text -> text + "?")));
    link.settle();
    answer.assertSuccess("hello!?");
    link.finish();
  }

  @Test
  void anAnswerOfAnotherTypeIsASystemError() {
    Answer answer =
        call(
            endpoint(ExecutionMode.EXECUTOR)
                .handlerInterceptor((call, next) -> CompletableFuture.completedStage(7)));
    link.settle();
    answer.assertText(ResponseStatus.SYSTEM_ERROR, "internal error");
    link.finish();
  }

  @Test
  void nullInsteadOfAStageIsASystemError() {
    Answer answer =
        call(
            endpoint(ExecutionMode.EXECUTOR)
                .exposeErrors(true)
                .handlerInterceptor((call, next) -> null));
    link.settle();
    answer.assertTextContains(ResponseStatus.SYSTEM_ERROR, "expected: a CompletionStage");
    link.finish();
  }

  @Test
  void theHandlerIsCalledOnce() {
    List<CompletionStage<?>> second = new ArrayList<>();
    Answer answer =
        call(
            endpoint(ExecutionMode.EXECUTOR)
                .handlerInterceptor(
                    (call, next) -> {
                      CompletionStage<?> first = next.proceed();
                      second.add(next.proceed());
                      return first;
                    }));
    link.settle();
    answer.assertSuccess("hello!");
    assertThat(events).containsExactly("handler");
    assertThat(second.get(0).toCompletableFuture()).isCompletedExceptionally();
    link.finish();
  }

  /** As one that asks elsewhere who the caller is. */
  @ParameterizedTest
  @EnumSource
  void mayProceedLaterAndTheHandlerIsOnItsOwnThread(ExecutionMode mode) {
    CompletableFuture<Void> known = new CompletableFuture<>();
    Answer answer =
        call(
            endpoint(mode)
                .handlerInterceptor((call, next) -> known.thenCompose(nothing -> next.proceed())));
    link.settle();
    answer.assertNone();
    known.complete(null);
    assertThat(events).as("not on the thread that completed it").isEmpty();
    link.settle();
    answer.assertSuccess("hello!");
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void whoProceedsWhenTheCallIsOverIsTold(ExecutionMode mode) {
    CompletableFuture<Void> known = new CompletableFuture<>();
    List<CompletionStage<?>> proceeded = new ArrayList<>();
    call(
        endpoint(mode)
            .handlerInterceptor(
                (call, next) -> {
                  known.thenRun(() -> proceeded.add(next.proceed()));
                  return new CompletableFuture<>();
                }));
    link.settle();
    link.disconnect();
    known.complete(null);
    link.settle();
    assertThat(events).isEmpty();
    assertThat(proceeded.get(0).toCompletableFuture()).isCompletedExceptionally();
    link.finish();
  }

  @Test
  void aHandlerThatWaitsForItsThreadIsNotCalledForACallThatIsOver() {
    CompletableFuture<Void> known = new CompletableFuture<>();
    call(
        endpoint(ExecutionMode.EXECUTOR)
            .handlerInterceptor((call, next) -> known.thenCompose(nothing -> next.proceed())));
    link.handlers.runAll();
    known.complete(null);
    link.loop.runAll();
    assertThat(link.handlers.waiting()).isEqualTo(1);
    link.disconnect();
    link.settle();
    assertThat(events).isEmpty();
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerIsNotCalledForACallThatEndedWhileItsInterceptorRan(ExecutionMode mode) {
    List<CompletionStage<?>> proceeded = new ArrayList<>();
    call(
        endpoint(mode)
            .handlerInterceptor(
                (call, next) -> {
                  link.disconnect();
                  proceeded.add(next.proceed());
                  return proceeded.get(0);
                }));
    link.settle();
    assertThat(events).isEmpty();
    assertThat(proceeded.get(0).toCompletableFuture()).isCompletedExceptionally();
    link.finish();
  }

  /** As with {@code orTimeout}, which completes the future that it is called on. */
  @Test
  void anAnswerThatNobodyTakesAnyMoreIsReleased() {
    CompletableFuture<ByteBuf> later = new CompletableFuture<>();
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(
                    BUFFER,
                    (request, call) -> {
                      request.release();
                      return later;
                    })
                .handlerInterceptor(
                    (call, next) -> {
                      CompletableFuture<?> stage = next.proceed().toCompletableFuture();
                      stage.completeExceptionally(new RpcException(RpcStatus.FAIL, "too slow"));
                      return stage;
                    }));
    Answer answer = link.call(BUFFER, new byte[1]);
    link.settle();
    answer.assertError(ResponseStatus.FAIL, RpcError.Code.FAIL, "too slow");
    later.complete(link.buffer(new byte[10]));
    link.settle();
    link.finish();
  }

  @Test
  void aHandlerThatIsPutOffAndRefusedByItsExecutorIsOverloaded() {
    CompletableFuture<Void> known = new CompletableFuture<>();
    Answer answer =
        call(
            endpoint(ExecutionMode.EXECUTOR)
                .handlerInterceptor((call, next) -> known.thenCompose(nothing -> next.proceed())));
    link.settle();
    link.handlers.reject(true);
    known.complete(null);
    link.loop.runAll();
    link.handlers.reject(false);
    link.settle();
    answer.assertTextContains(ResponseStatus.SYSTEM_ERROR, "overloaded");
    link.finish();
  }

  @Test
  void buffersAreGivenBackWhereTheHandlerIsNotCalled() {
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(BUFFER, (request, call) -> request)
                .handlerInterceptor(
                    (call, next) -> CompletableFuture.failedStage(new IllegalStateException())));
    Answer answer = link.call(BUFFER, new byte[100]);
    link.settle();
    answer.assertText(ResponseStatus.SYSTEM_ERROR, "internal error");
    link.finish();
  }

  @Test
  void methodsOfAnotherEndpointKeepTheirInterceptors() {
    RpcEndpoint guarded =
        endpoint(ExecutionMode.EXECUTOR).handlerInterceptor(logging("inner")).build();
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handlerInterceptor(logging("outer"))
                .handle(BUFFER, (request, call) -> request)
                .handleAll(guarded));
    link.call(METHOD, "hello");
    link.settle();
    assertThat(events).startsWith("outer method", "inner method", "handler");
    events.clear();
    link.call(BUFFER, new byte[1]);
    link.settle();
    assertThat(events).startsWith("outer buffer").noneMatch(event -> event.startsWith("inner"));
    link.finish();
  }
}
