package io.muxio.rpc.endpoint;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What interceptors stand around where the call is unary; the handler's outcome is a future. */
final class InterceptedUnary<Q, R> implements Interception.Handling, HandlerOutcome<R> {
  private final UnaryCall<Q, R> call;
  private final ByteBuf request;
  private final CompletableFuture<@Nullable R> outcome = new CompletableFuture<>();

  /** The request is taken over. */
  InterceptedUnary(UnaryCall<Q, R> call, ByteBuf request) {
    this.call = call;
    this.request = request;
  }

  @Override
  public CallContext context() {
    return call;
  }

  @Override
  public CompletionStage<?> handle() throws Exception {
    call.invoke(request, this);
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
    outcome.complete(value);
  }

  @Override
  public void fail(Throwable failure) {
    outcome.completeExceptionally(failure);
  }
}
