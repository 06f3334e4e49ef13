package io.muxio.netty.client;

import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Writes the request of a call that may not be open yet. What is written until then is done one
 * after the other when it is.
 */
final class WaitingWriter implements ChunkWriter {
  private static final int MAX_WAITING_BYTES = 4 << 20;

  private final CompletableFuture<StreamCall> opened;
  private final EventLoop loop;
  private final BiConsumer<RpcStatus, String> onTooMuch;

  /** The last thing to do; what comes next is done behind it. */
  private CompletableFuture<?> last;

  private long waitingBytes;

  /**
   * Makes the writer.
   *
   * @param opened the call on a connection, or why there is none
   * @param loop which must not wait for it
   * @param onTooMuch gives the call up
   */
  WaitingWriter(
      CompletableFuture<StreamCall> opened,
      EventLoop loop,
      BiConsumer<RpcStatus, String> onTooMuch) {
    this.opened = opened;
    this.loop = loop;
    this.onTooMuch = onTooMuch;
    this.last = opened;
  }

  @Override
  public void write(ByteBuf chunk) throws InterruptedException {
    CompletableFuture<?> before;
    synchronized (this) {
      before = last;
    }
    StreamCall call;
    try {
      OpenedCall.await(before.handle((done, failure) -> true), loop);
      call = OpenedCall.await(opened, loop);
    } catch (InterruptedException | RuntimeException e) {
      chunk.release();
      throw e;
    }
    call.request().write(chunk);
  }

  @Override
  public CompletableFuture<Void> writeAsync(ByteBuf chunk) {
    int bytes = chunk.readableBytes();
    if (!count(bytes)) {
      onTooMuch.accept(
          RpcStatus.REJECTED,
          "more than " + MAX_WAITING_BYTES + " bytes wait for the call to be opened");
    }
    CompletableFuture<Void> written = inOrder(request -> request.writeAsync(chunk));
    opened.whenComplete(
        (call, failure) -> {
          if (failure != null) {
            chunk.release();
          }
        });
    return written;
  }

  private synchronized boolean count(int bytes) {
    if (!opened.isDone()) {
      waitingBytes += bytes;
    }
    return waitingBytes <= MAX_WAITING_BYTES;
  }

  /** Does something at once where nothing is before it, else behind that. */
  private synchronized CompletableFuture<Void> inOrder(
      Function<ChunkWriter, CompletionStage<Void>> step) {
    CompletableFuture<Void> done =
        last.handle((before, failure) -> opened)
            .thenCompose(Function.identity())
            .thenCompose(call -> step.apply(call.request()));
    last = done;
    return done;
  }

  @Override
  public boolean isWritable() {
    return opened.isDone()
        && !opened.isCompletedExceptionally()
        && opened.join().request().isWritable();
  }

  @Override
  public CompletionStage<Void> writeAll(Flow.Publisher<? extends ByteBuf> chunks) {
    return inOrder(request -> request.writeAll(chunks));
  }

  @Override
  public CompletionStage<Void> end() {
    return inOrder(ChunkWriter::end);
  }
}
