package io.muxio.rpc.service;

import io.muxio.rpc.scope.UnsentRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One unary call on its way through an interceptor, and what the interceptor calls next. Gives up
 * what was called for it when it is over, so that an interceptor may derive futures as it likes.
 * Safe to use from any thread.
 */
final class InterceptedCall<Q, R> implements RpcCaller {
  private final RpcMethod<Q, R> method;
  private final Q request;
  private final RpcCaller next;
  private final CompletableFuture<R> future = new CompletableFuture<>();

  /** Whoever completes the future has set it before, unless it is the user. */
  private volatile boolean settled;

  /** What the interceptor has called and has not failed. Guarded by this. */
  private final List<CompletableFuture<?>> calls = new ArrayList<>(1);

  /** Guarded by this. */
  private boolean hasCalled;

  /** Guarded by this. */
  private boolean over;

  /**
   * The request was given back for the interceptor, which must not do so again. Guarded by this.
   */
  private boolean released;

  InterceptedCall(RpcMethod<Q, R> method, Q request, RpcCaller next) {
    this.method = method;
    this.request = request;
    this.next = next;
  }

  CompletableFuture<R> through(CallInterceptor interceptor, CallOptions options) {
    CompletableFuture<R> result;
    try {
      result =
          Objects.requireNonNull(
              interceptor.call(method, request, options, this),
              () -> interceptor + " returned null (expected: a CompletableFuture)");
    } catch (RpcException e) {
      result = CompletableFuture.failedFuture(e);
    } catch (Throwable e) {
      end();
      throw e;
    }
    CompletableFuture<R> answer = result;
    answer.whenComplete(this::settle);
    future.whenComplete(
        (value, failure) -> {
          // An answer on its way is given back where it arrives, see settle.
          if (!settled && !end()) {
            answer.cancel(false);
          }
        });
    return future;
  }

  /** The interceptor's future has completed. */
  private void settle(@Nullable R value, @Nullable Throwable failure) {
    end();
    settled = true;
    if (failure != null) {
      future.completeExceptionally(toRpcException(failure));
    } else if (!future.complete(value)) {
      ReferenceCountUtil.release(value); // given up meanwhile, so nobody else will
    }
  }

  /** Gives up what the interceptor has called; tells whether any of it is answered already. */
  private boolean end() {
    List<CompletableFuture<?>> left;
    boolean releases;
    synchronized (this) {
      releases = !over && !hasCalled;
      released |= releases;
      over = true;
      left = List.copyOf(calls);
      calls.clear();
    }
    if (releases) {
      UnsentRequest.release(request);
    }
    boolean answered = false;
    for (CompletableFuture<?> call : left) {
      call.cancel(false);
      answered |= !call.isCompletedExceptionally();
    }
    return answered;
  }

  @Override
  public <A, B> CompletableFuture<B> call(RpcMethod<A, B> method, A request, CallOptions options) {
    boolean refuses;
    boolean gone;
    synchronized (this) {
      refuses = over;
      gone = released && (Object) request == this.request;
      hasCalled |= !over;
    }
    CompletableFuture<B> call =
        refuses ? refused(method, gone ? null : request) : next.call(method, request, options);
    if (!add(call)) {
      call.cancel(false);
    }
    return call;
  }

  private synchronized boolean add(CompletableFuture<?> call) {
    calls.removeIf(CompletableFuture::isCompletedExceptionally);
    return !over && calls.add(call);
  }

  private static <B> CompletableFuture<B> refused(
      RpcMethod<?, B> method, @Nullable Object request) {
    UnsentRequest.release(request);
    return CompletableFuture.failedFuture(
        RpcException.notSent(
            RpcStatus.CANCELLED, method.name(), "the call that it was made for is over", null));
  }

  private RpcException toRpcException(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RpcException known) {
      return known.ofCall(method, wasCalled());
    }
    RpcStatus status = RpcStatus.SYSTEM_ERROR;
    if (cause instanceof TimeoutException) {
      status = RpcStatus.DEADLINE_EXCEEDED;
    } else if (cause instanceof CancellationException) {
      status = RpcStatus.CANCELLED;
    }
    String detail = "an interceptor ended the call: " + cause;
    return new RpcException(status, method.name(), detail, cause);
  }

  private synchronized boolean wasCalled() {
    return hasCalled;
  }

  @Override
  public StreamCall open(StreamMethod method, byte[] parameters, CallOptions options) {
    return next.open(method, parameters, options);
  }

  @Override
  public CallOptions callOptions() {
    return next.callOptions();
  }

  @Override
  public boolean mayBlock() {
    return next.mayBlock();
  }

  @Override
  public boolean isClosed() {
    return next.isClosed();
  }

  @Override
  public String toString() {
    return next.toString();
  }
}
