package io.muxio.rpc.service;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call that is made until it succeeds, or may not be made again. One attempt at a time. */
final class RetriedCall<R> {
  private final Retry retry;
  private final RpcMethod<ByteBuf, R> method;
  private final CallOptions options;
  private final RpcCaller next;
  private final CompletableFuture<R> future = new CompletableFuture<>();
  private final long startNanos;
  private int attempts;

  /** Until the call is over. Guarded by this. */
  private @Nullable ByteBuf request;

  /** Between two attempts. Guarded by this. */
  private @Nullable CompletableFuture<?> pause;

  /**
   * Makes the call.
   *
   * @param request encoded; taken over
   */
  RetriedCall(
      Retry retry,
      RpcMethod<ByteBuf, R> method,
      ByteBuf request,
      CallOptions options,
      RpcCaller next) {
    this.retry = retry;
    this.method = method;
    this.request = request;
    this.options = options;
    this.next = next;
    this.startNanos = retry.timing().nanoTime();
  }

  CompletableFuture<R> start() {
    future.whenComplete((value, failure) -> end());
    attempt();
    return future;
  }

  private void attempt() {
    attempts++;
    ByteBuf bytes = requestAgain();
    if (bytes == null) {
      return; // given up meanwhile
    }
    CompletableFuture<R> call;
    try {
      call = next.call(method, bytes, optionsNow());
    } catch (Throwable e) {
      future.completeExceptionally(e);
      return;
    }
    call.whenComplete(this::ended);
  }

  private synchronized @Nullable ByteBuf requestAgain() {
    return request == null ? null : request.retainedDuplicate();
  }

  /** Sent once by whoever is next: how often in all is decided here. */
  private CallOptions optionsNow() {
    Long left = attempts == 1 ? null : leftNanos(); // the first says what was given if it passes
    Duration deadline = left == null ? options.deadline() : Duration.ofNanos(Math.max(1, left));
    return options.once().withDeadline(deadline);
  }

  private @Nullable Long leftNanos() {
    Duration deadline = options.deadline();
    return deadline == null ? null : deadline.toNanos() - (retry.timing().nanoTime() - startNanos);
  }

  private void ended(@Nullable R value, @Nullable Throwable thrown) {
    if (thrown == null) {
      if (!future.complete(value)) {
        ReferenceCountUtil.release(value); // given up meanwhile, so nobody else will
      }
    } else if (thrown instanceof RpcException failure) {
      failed(failure);
    } else {
      future.completeExceptionally(thrown);
    }
  }

  private void failed(RpcException failure) {
    boolean again;
    try {
      again = retry.isFor(failure, options);
    } catch (Throwable e) {
      failure.addSuppressed(e); // the user's predicate failed
      again = false;
    }
    if (!again) {
      future.completeExceptionally(failure);
      return;
    }
    long waitNanos = retry.waitNanos(failure, attempts);
    Long left = leftNanos();
    String made = made();
    if (attempts >= retry.maxAttempts()) {
      future.completeExceptionally(failure.noted(made));
    } else if (next.isClosed()) {
      failClosed(failure);
    } else if (left != null && waitNanos >= left) {
      future.completeExceptionally(
          failure.noted(made + ", no time for another before the deadline"));
    } else if (!retry.budget().take()) {
      future.completeExceptionally(failure.noted(made + ", the retry budget is empty"));
    } else {
      attemptAfter(waitNanos, failure);
    }
  }

  private String made() {
    return "attempt " + attempts + " of " + retry.maxAttempts();
  }

  private void failClosed(RpcException failure) {
    future.completeExceptionally(failure.noted(made() + ", there will be no connection any more"));
  }

  private synchronized void attemptAfter(long waitNanos, RpcException failure) {
    if (request != null) {
      pause = retry.timing().after(waitNanos, () -> attemptAgain(failure));
    }
  }

  private void attemptAgain(RpcException failure) {
    if (next.isClosed()) {
      failClosed(failure);
    } else {
      attempt();
    }
  }

  private synchronized void end() {
    if (request != null) {
      request.release();
      request = null;
    }
    if (pause != null) {
      pause.cancel(false);
    }
  }
}
