package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What interceptors may do with a call, and what its user sees of it. */
class CallInterceptorTest {
  private static final RpcMethod<String, String> TEXT =
      RpcMethod.unary("text", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<ByteBuf, ByteBuf> BUFFER =
      RpcMethod.unary("buffer", Codec.byteBuf(), Codec.byteBuf());

  /** Interceptors of one method, for tests. */
  private interface OfCalls extends CallInterceptor {
    CompletableFuture<?> around(
        RpcMethod<?, ?> method, Object request, CallOptions options, Next next);

    /** Calls next with the same request. */
    interface Next {
      CompletableFuture<Object> proceed(CallOptions options);
    }

    @Override
    @SuppressWarnings("unchecked")
    default <Q, R> CompletableFuture<R> call(
        RpcMethod<Q, R> method, Q request, CallOptions options, RpcCaller next) {
      return (CompletableFuture<R>)
          around(
              method,
              request,
              options,
              with -> (CompletableFuture<Object>) next.call(method, request, with));
    }
  }

  private final ScriptedCaller peer = new ScriptedCaller();

  private RpcCaller intercepted(OfCalls interceptor) {
    return peer.intercepted(interceptor);
  }

  private static RpcException failure(CompletableFuture<?> call) {
    ExecutionException failure = catchThrowableOfType(ExecutionException.class, call::get);
    assertThat(failure).as("the call failed").isNotNull();
    return (RpcException) failure.getCause();
  }

  @Test
  void theFirstIsTheOutermost() {
    List<String> order = new ArrayList<>();
    OfCalls first =
        (method, request, options, next) -> {
          order.add("first");
          return next.proceed(options).whenComplete((answer, thrown) -> order.add("first again"));
        };
    OfCalls second =
        (method, request, options, next) -> {
          order.add("second");
          return next.proceed(options).whenComplete((answer, thrown) -> order.add("second again"));
        };
    CompletableFuture<String> call = peer.intercepted(first, second).call(TEXT, "x");
    peer.last().answer().complete("answer");
    assertThat(call).isCompletedWithValue("answer");
    assertThat(order).containsExactly("first", "second", "second again", "first again");
  }

  @Test
  void optionsMayBeChanged() {
    intercepted((method, request, options, next) -> next.proceed(options.failFast()))
        .call(TEXT, "x");
    assertThat(peer.last().options().failsFast()).isTrue();
  }

  @Test
  void aRefusedCallIsNotMadeAndGivesItsRequestBack() {
    RpcCaller refusing =
        intercepted(
            (method, request, options, next) -> {
              throw new RpcException(RpcStatus.REJECTED, "not today");
            });
    ByteBuf request = Unpooled.buffer().writeByte(1);
    RpcException failure = failure(refusing.call(BUFFER, request));
    assertThat(peer.calls).isEmpty();
    assertThat(request.refCnt()).isZero();
    assertThat(failure).hasMessage("buffer: REJECTED: not today");
    assertThat(failure.mayHaveReachedPeer()).isFalse();
  }

  /** As a limiter does, which lets a call go when it is its turn. */
  @Test
  void aCallThatIsGivenUpBeforeItIsMadeGivesItsRequestBackOnce() {
    CompletableFuture<Void> permit = new CompletableFuture<>();
    ByteBuf request = Unpooled.buffer().writeByte(1);
    request.retain(); // the user's own
    CompletableFuture<ByteBuf> call =
        intercepted(
                (method, given, options, next) ->
                    permit
                        .thenCompose(nothing -> next.proceed(options))
                        .whenComplete((answer, failure) -> {}))
            .call(BUFFER, request);
    call.cancel(false);
    assertThat(request.refCnt()).isEqualTo(1);
    permit.complete(null);
    assertThat(peer.calls).isEmpty();
    assertThat(request.refCnt()).isEqualTo(1);
    request.release();
  }

  @Test
  void anAnswerInThePeersPlaceGivesTheRequestBack() {
    ByteBuf request = Unpooled.buffer().writeByte(1);
    ByteBuf cached = Unpooled.buffer().writeByte(2);
    CompletableFuture<ByteBuf> call =
        intercepted((method, given, options, next) -> CompletableFuture.completedFuture(cached))
            .call(BUFFER, request);
    assertThat(call).isCompletedWithValue(cached);
    assertThat(request.refCnt()).isZero();
    cached.release();
  }

  @Test
  void aFailureIsTheSameHoweverFuturesAreDerived() {
    CompletableFuture<String> call =
        intercepted(
                (method, request, options, next) ->
                    next.proceed(options).thenApply(answer -> answer).thenApply(answer -> answer))
            .call(TEXT, "x");
    RpcException lost = new RpcException(RpcStatus.DISCONNECTED, "text", "gone", null);
    List<Throwable> told = new ArrayList<>();
    call.whenComplete((answer, failure) -> told.add(failure));
    peer.last().answer().completeExceptionally(lost);
    assertThat(told).containsExactly(lost);
  }

  @Test
  void aFailureOfAnInterceptorIsToldAsOne() {
    CompletableFuture<String> call =
        intercepted(
                (method, request, options, next) ->
                    next.proceed(options)
                        .thenApply(
                            answer -> {
                              throw new IllegalStateException("broken");
                            }))
            .call(TEXT, "x");
    peer.last().answer().complete("answer");
    assertThat(failure(call))
        .hasMessageContaining("text: SYSTEM_ERROR: an interceptor ended the call")
        .hasMessageContaining("broken");
  }

  @Test
  void aTimeoutOfAnInterceptorGivesTheCallUp() {
    CompletableFuture<Object> own = new CompletableFuture<>();
    CompletableFuture<String> call =
        intercepted(
                (method, request, options, next) -> {
                  next.proceed(options);
                  return own;
                })
            .call(TEXT, "x");
    own.completeExceptionally(new TimeoutException());
    assertThat(failure(call).status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
    assertThat(peer.last().answer()).isCancelled();
  }

  @Test
  void givingUpReachesWhatWasCalled() {
    CompletableFuture<String> call =
        peer.intercepted(
                (OfCalls)
                    (method, request, options, next) -> next.proceed(options).thenApply(a -> a),
                (OfCalls)
                    (method, request, options, next) -> next.proceed(options).thenApply(a -> a))
            .call(TEXT, "x");
    call.cancel(false);
    assertThat(peer.last().answer()).isCancelled();
  }

  @Test
  void givingUpReachesAnInterceptorThatHasNotCalled() {
    CompletableFuture<Object> waiting = new CompletableFuture<>();
    ByteBuf request = Unpooled.buffer().writeByte(1);
    CompletableFuture<ByteBuf> call =
        intercepted((method, given, options, next) -> waiting).call(BUFFER, request);
    call.cancel(false);
    assertThat(waiting).isCancelled();
    assertThat(request.refCnt()).isZero();
  }

  @Test
  void anAnswerThatComesTogetherWithTheCancelIsGivenBack() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    CompletableFuture<ByteBuf> call =
        intercepted(
                (method, request, options, next) ->
                    next.proceed(options).thenCombine(gate, (answer, open) -> answer))
            .call(BUFFER, Unpooled.buffer().writeByte(1));
    ByteBuf answer = Unpooled.buffer().writeByte(2);
    peer.last().answer().complete(answer);
    call.cancel(false);
    assertThat(answer.refCnt()).isEqualTo(1);
    gate.complete(null);
    assertThat(answer.refCnt()).isZero();
  }

  @Test
  void whatIsCalledWhenTheCallIsOverIsRefused() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    List<Object> late = new ArrayList<>();
    CompletableFuture<String> call =
        intercepted(
                (method, request, options, next) -> {
                  gate.thenRun(
                      () ->
                          next.proceed(options)
                              .whenComplete((answer, failure) -> late.add(failure)));
                  return new CompletableFuture<>();
                })
            .call(TEXT, "x");
    call.cancel(false);
    gate.complete(null);
    assertThat(peer.calls).isEmpty();
    assertThat(late)
        .singleElement()
        .isInstanceOfSatisfying(
            RpcException.class,
            failure -> assertThat(failure.status()).isEqualTo(RpcStatus.CANCELLED));
  }

  @Test
  void aRefusedStreamHasFailed() {
    RpcException refusal = new RpcException(RpcStatus.REJECTED, "no streams");
    StreamCall call =
        peer.intercepted(
                new CallInterceptor() {
                  @Override
                  public StreamCall open(
                      StreamMethod method, byte[] parameters, CallOptions options, RpcCaller next) {
                    throw refusal;
                  }
                })
            .open(StreamMethod.of("stream"));
    ByteBuf chunk = Unpooled.buffer().writeByte(1);
    assertThatExceptionOfType(RpcException.class)
        .isThrownBy(() -> call.response().read())
        .withMessage("stream: REJECTED: no streams");
    assertThatExceptionOfType(RpcException.class)
        .isThrownBy(() -> call.request().write(chunk))
        .withMessageContaining("no streams");
    assertThat(chunk.refCnt()).isZero();
    assertThat(call.ended().toCompletableFuture()).isCompletedExceptionally();
    List<Throwable> told = new ArrayList<>();
    call.response().subscribe(new OnlyErrors(told));
    assertThat(told).singleElement().isInstanceOf(RpcException.class);
    call.close();
  }

  private record OnlyErrors(List<Throwable> told) implements Flow.Subscriber<ByteBuf> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(1);
    }

    @Override
    public void onNext(ByteBuf chunk) {
      throw new AssertionError("a chunk");
    }

    @Override
    public void onError(Throwable cause) {
      told.add(cause);
    }

    @Override
    public void onComplete() {
      throw new AssertionError("an end");
    }
  }

  @Test
  void nullIsToldByName() {
    assertThatNullPointerException()
        .isThrownBy(() -> intercepted((method, request, options, next) -> null).call(TEXT, "x"))
        .withMessageContaining("expected: a CompletableFuture");
  }

  @Test
  void theCallerIsTheSameToItsUsers() {
    CallInterceptor nothing = new CallInterceptor() {};
    assertThat(peer.intercepted(nothing))
        .isEqualTo(peer.intercepted(nothing))
        .hasToString("scripted");
    assertThat(peer.intercepted()).isSameAs(peer);
  }
}
