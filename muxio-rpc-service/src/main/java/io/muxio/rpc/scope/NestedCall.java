package io.muxio.rpc.scope;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.MethodDescriptor;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call that is made for one that is being served, and is over with it at the latest. Every caller
 * makes its calls by this, interceptors being around some of them: then each of them watches the
 * scope, so that neither a wait between two attempts nor an attempt is longer than wanted.
 *
 * @param scope of the call that is served
 * @param options how the other is made, as its caller was told
 */
public record NestedCall(CallScope scope, CallOptions options) {
  private static final String DEADLINE = "the deadline of the call being served";

  /**
   * The call to be made with some options on this thread.
   *
   * @param options how it is made
   * @return null where it is made for no call
   */
  public static @Nullable NestedCall of(CallOptions options) {
    CallScope scope = options.scope() == null ? CurrentScope.get() : options.scope();
    return scope == null ? null : new NestedCall(scope, options);
  }

  /**
   * Makes a unary call.
   *
   * @param <R> the type of the answer
   * @param method what is called
   * @param request what {@code maker} takes over; released where it is not called
   * @param maker makes the call with the options that it is given
   * @return what {@code maker} has returned, or has failed
   */
  public <R> CompletableFuture<R> call(
      MethodDescriptor method, Object request, Function<CallOptions, CompletableFuture<R>> maker) {
    Duration left = scope.timeLeft();
    RpcException refusal = refusal(method, left);
    if (refusal != null) {
      UnsentRequest.release(request);
      return CompletableFuture.failedFuture(refusal);
    }
    CompletableFuture<R> call = maker.apply(optionsWithin(left));
    if (!call.isDone()) {
      CallScope.Registration registration =
          scope.onCancel(() -> call.completeExceptionally(givenUp(method)));
      call.whenComplete((value, failure) -> registration.remove());
    }
    return call;
  }

  /**
   * Opens a streaming call.
   *
   * @param method what is called
   * @param maker opens the call with the options that it is given
   * @return what {@code maker} has returned, or has failed
   */
  public StreamCall open(MethodDescriptor method, Function<CallOptions, StreamCall> maker) {
    Duration left = scope.timeLeft();
    RpcException refusal = refusal(method, left);
    if (refusal != null) {
      return new RefusedStream(refusal);
    }
    StreamCall call = maker.apply(optionsWithin(left));
    CallScope.Registration registration = scope.onCancel(() -> giveUp(call));
    call.ended().whenComplete((nothing, failure) -> registration.remove());
    return call;
  }

  /**
   * The deadline of a call as the text of its failure tells it, when it has passed.
   *
   * @param options how the call was made
   * @return how long it was, and whose
   */
  public static String deadlineOf(CallOptions options) {
    boolean ofScope = options.scope() != null && isOver(options.scope().timeLeft());
    return options.deadline() + (ofScope ? ", " + DEADLINE : "");
  }

  private @Nullable RpcException refusal(MethodDescriptor method, @Nullable Duration left) {
    if (isOver(left)) {
      return RpcException.notSent(
          RpcStatus.DEADLINE_EXCEEDED, method.name(), DEADLINE + " has passed", null);
    }
    if (scope.isCancelled()) {
      return RpcException.notSent(
          RpcStatus.CANCELLED, method.name(), "the call being served was cancelled", null);
    }
    return null;
  }

  private RpcException givenUp(MethodDescriptor method) {
    return isOver(scope.timeLeft())
        ? new RpcException(
            RpcStatus.DEADLINE_EXCEEDED, method.name(), "no answer within " + DEADLINE, null)
        : new RpcException(
            RpcStatus.CANCELLED, method.name(), "the call being served was cancelled", null);
  }

  /** A call whose deadline has passed with the scope's says so itself. */
  private void giveUp(StreamCall call) {
    if (!isOver(scope.timeLeft())) {
      call.cancel();
    }
  }

  private CallOptions optionsWithin(@Nullable Duration left) {
    CallOptions within = options.within(scope);
    Duration own = options.deadline();
    boolean narrows =
        left != null && left.compareTo(own == null ? CallOptions.LONGEST_DEADLINE : own) < 0;
    return narrows ? within.withDeadline(left) : within;
  }

  private static boolean isOver(@Nullable Duration left) {
    return left != null && (left.isZero() || left.isNegative());
  }
}
