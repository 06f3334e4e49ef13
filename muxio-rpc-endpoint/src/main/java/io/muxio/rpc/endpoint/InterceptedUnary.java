package io.muxio.rpc.endpoint;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What interceptors stand around where the call is unary; the handler's outcome is a future. */
final class InterceptedUnary<Q, R> implements Interception.Handling, HandlerOutcome<R> {
  private final UnaryCall<Q, R> call;
  private final ByteBuf request;
  private final CompletableFuture<@Nullable R> outcome = new CompletableFuture<>();

  /** Not told by the outcome, which interceptors can complete as well. */
  private volatile boolean atWork;

  /** The request is taken over. */
  InterceptedUnary(UnaryCall<Q, R> call, ByteBuf request) {
    this.call = call;
    this.request = request;
  }

  /** Whether the handler was called and has neither answered nor failed; on any thread. */
  boolean isAtWork() {
    return atWork;
  }

  @Override
  public CallContext context() {
    return call;
  }

  @Override
  public CompletionStage<?> handle() throws Exception {
    atWork = true;
    try {
      call.invoke(request, this);
    } catch (Throwable e) {
      atWork = false;
      throw e;
    }
    return outcome;
  }

  @Override
  public void skip() {
    request.release();
  }

  @Override
  public void handleLater(Runnable task, Consumer<Throwable> refused) {
    call.runLater(task, refused);
  }

  @Override
  public void succeed(@Nullable R value) {
    atWork = false;
    if (!outcome.complete(value)) {
      ReferenceCountUtil.release(value); // an interceptor has completed it, so nobody else will
    }
  }

  @Override
  public void fail(Throwable failure) {
    atWork = false;
    outcome.completeExceptionally(failure);
  }
}
