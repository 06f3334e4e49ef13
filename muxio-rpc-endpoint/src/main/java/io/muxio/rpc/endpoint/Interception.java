package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call on its way through the interceptors of its method to its handler. */
final class Interception {
  /** The call, as far as it can be put off. */
  interface Handling {
    CallContext context();

    /** Calls the handler on this thread. */
    CompletionStage<?> handle() throws Exception;

    /** The handler will not be called. */
    void skip();

    /** Runs the task where the method's handlers run, or tells why not; from any thread. */
    void handleLater(Runnable task, Consumer<Throwable> refused);
  }

  private final List<HandlerInterceptor> interceptors;
  private final Handling handling;
  private final AtomicBoolean proceeded = new AtomicBoolean();

  /** While the interceptors are being called. */
  private volatile @Nullable Thread thread;

  Interception(List<HandlerInterceptor> interceptors, Handling handling) {
    this.interceptors = interceptors;
    this.handling = handling;
  }

  /** Calls the interceptors, on a thread for handlers; never throws. */
  CompletionStage<?> run() {
    thread = Thread.currentThread();
    CompletionStage<?> outcome = proceedTo(0);
    thread = null;
    return outcome.whenComplete(
        (value, failure) -> {
          if (proceeded.compareAndSet(false, true)) {
            handling.skip();
          }
        });
  }

  private CompletionStage<?> proceedTo(int index) {
    if (index == interceptors.size()) {
      return proceed();
    }
    HandlerInterceptor interceptor = interceptors.get(index);
    try {
      return Objects.requireNonNull(
          interceptor.handle(handling.context(), () -> proceedTo(index + 1)),
          () -> interceptor + " returned null (expected: a CompletionStage)");
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<?> proceed() {
    if (!proceeded.compareAndSet(false, true)) {
      return CompletableFuture.failedFuture(
          new IllegalStateException(
              handling.context().method().name()
                  + ": the handler was called already, or the call is over (expected: one"
                  + " proceed() before the interceptor's stage completes)"));
    }
    if (Thread.currentThread() == thread) {
      return handle();
    }
    CompletableFuture<@Nullable Object> later = new CompletableFuture<>();
    handling.handleLater(
        () ->
            handle()
                .whenComplete(
                    (value, failure) -> {
                      if (failure != null) {
                        later.completeExceptionally(failure);
                      } else if (!later.complete(value)) {
                        ReferenceCountUtil.release(value); // completed by an interceptor
                      }
                    }),
        refusal -> {
          handling.skip();
          later.completeExceptionally(refusal);
        });
    return later;
  }

  private CompletionStage<?> handle() {
    if (handling.context().isCancelled()) {
      handling.skip();
      return CompletableFuture.failedFuture(
          new RpcException(RpcStatus.CANCELLED, "the call is over"));
    }
    try {
      return handling.handle();
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
