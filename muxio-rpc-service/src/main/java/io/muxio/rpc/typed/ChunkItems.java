package io.muxio.rpc.typed;

import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The items of a stream of chunks, each decoded by the thread that takes it. No other thread is
 * needed, so any number of handlers can wait here without keeping their executor from one another.
 */
final class ChunkItems implements ItemSource {
  private final ChunkReader chunks;
  private final Codec<Object> codec;
  private final ItemCutter cutter;
  private final UnaryOperator<RpcException> mapFailure;

  /** Held by the one who takes an item, or gives back what is held. */
  private final ReentrantLock lock = new ReentrantLock();

  private volatile boolean cancelled;

  private @Nullable ByteBuf chunk;

  ChunkItems(
      ChunkReader chunks,
      Codec<Object> codec,
      ItemBudget budget,
      UnaryOperator<RpcException> mapFailure) {
    this.chunks = chunks;
    this.codec = codec;
    this.cutter = new ItemCutter(budget);
    this.mapFailure = mapFailure;
  }

  @Override
  public @Nullable Object next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      ByteBuf item = TypeCodecs.isRaw(codec) ? chunks.read() : cut();
      if (item == null && cancelled) {
        throw new RpcException(RpcStatus.CANCELLED, "cancelled by its reader");
      }
      return item == null ? null : Items.decode(codec, item);
    } catch (RpcException e) {
      cancel(); // nobody reads behind an item that is none
      throw mapFailure.apply(e);
    } finally {
      lock.unlock();
      if (cancelled) {
        giveBack();
      }
    }
  }

  private @Nullable ByteBuf cut() throws InterruptedException {
    ByteBuf item = null;
    while (item == null) {
      ByteBuf bytes = chunk == null ? chunks.read() : chunk;
      if (bytes == null) {
        cutter.end();
        return null;
      }
      chunk = bytes;
      item = cutter.next(bytes);
      if (!bytes.isReadable()) {
        release();
      }
    }
    return item;
  }

  @Override
  public void cancel() {
    cancelled = true;
    chunks.cancel();
    giveBack();
  }

  /** Without waiting for the one who takes an item, who does it too. */
  private void giveBack() {
    if (lock.tryLock()) {
      try {
        cutter.close();
        release();
      } finally {
        lock.unlock();
      }
    }
  }

  private void release() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }
}
