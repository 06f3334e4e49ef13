package io.muxio.netty.client;

import io.muxio.core.rpc.StreamWindow;
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
import org.jspecify.annotations.Nullable;

/**
 * Writes the request of a call that may not be open yet. What is written until then is done one
 * after the other when it is.
 */
final class WaitingWriter implements ChunkWriter {
  private static final int MAX_WAITING_BYTES = 4 << 20;

  private final CompletableFuture<StreamCall> opened;
  private final EventLoop loop;
  private final WaitingBytes shared;
  private final BiConsumer<RpcStatus, String> onTooMuch;

  /** The last thing to do; what comes next is done behind it. */
  private CompletableFuture<?> last;

  /**
   * Of what is shared, this writer's, with what a chunk costs that holds nothing; nothing once the
   * call is open or given up.
   */
  private long waitingBytes;

  /**
   * Makes the writer.
   *
   * @param opened the call on a connection, or why there is none
   * @param loop which must not wait for it
   * @param shared how much may wait at this client
   * @param onTooMuch gives the call up
   */
  WaitingWriter(
      CompletableFuture<StreamCall> opened,
      EventLoop loop,
      WaitingBytes shared,
      BiConsumer<RpcStatus, String> onTooMuch) {
    this.opened = opened;
    this.loop = loop;
    this.shared = shared;
    this.onTooMuch = onTooMuch;
    this.last = opened;
    opened.whenComplete((call, failure) -> giveBack());
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
    String tooMuch = count(chunk.readableBytes() + StreamWindow.CHUNK_OVERHEAD);
    if (tooMuch != null) {
      onTooMuch.accept(RpcStatus.REJECTED, tooMuch);
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

  /** Null, or why the chunk cannot wait. */
  private synchronized @Nullable String count(int bytes) {
    if (opened.isDone()) {
      return null;
    }
    if (waitingBytes + bytes > MAX_WAITING_BYTES) {
      return "more than "
          + MAX_WAITING_BYTES
          + " bytes wait for the call to be opened, "
          + StreamWindow.CHUNK_OVERHEAD
          + " on top for each chunk";
    }
    String noRoom = shared.take(bytes);
    if (noRoom == null) {
      waitingBytes += bytes;
    }
    return noRoom;
  }

  private synchronized void giveBack() {
    shared.give(waitingBytes);
    waitingBytes = 0;
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
