package io.muxio.rpc.service;

import io.netty.buffer.ByteBuf;
import java.io.InputStream;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A stream of chunks that comes from the peer, in order and none lost. It is read once, in one of
 * two ways: by {@link #read()}, which blocks and suits virtual threads, or by a subscriber with
 * demand. Each chunk belongs to the one who gets it, who releases it.
 *
 * <p>Chunks that nobody takes are held within {@link
 * io.muxio.core.frame.CoreLimits#maxStreamBufferedBytes()}. From a quarter of it on nothing is read
 * from the peer, which slows it down, its other calls on the connection included. A reader that
 * takes nothing for 5 s (the connection's readerTimeout) holds up nobody any more: reading goes on,
 * and when the bound is reached the stream fails.
 */
public interface ChunkReader extends Flow.Publisher<ByteBuf> {
  /**
   * Waits for the next chunk.
   *
   * @return the chunk, never empty, which the caller of this method releases; null where the stream
   *     has ended
   * @throws RpcException where the stream has failed: with {@link RpcStatus#CANCELLED}, {@link
   *     RpcStatus#DISCONNECTED}, {@link RpcStatus#REJECTED} for a limit, {@link
   *     RpcStatus#DEADLINE_EXCEEDED}, or with what the callee said. Chunks that were not taken by
   *     then are dropped
   * @throws InterruptedException where the thread was interrupted
   * @throws IllegalStateException where the stream has a subscriber, or on the connection's event
   *     loop, which would wait for itself
   */
  @Nullable ByteBuf read() throws InterruptedException;

  /**
   * Subscribes to the chunks. There is one subscriber; another is told so by its {@code onError}.
   * Signals come one after the other on the executor for handlers (for an answer: the executor for
   * callbacks), or on the event loop where the handler asked for it.
   *
   * @param subscriber gets as many chunks as it asks for, each of which it releases, and at last
   *     the end, or an {@link RpcException} as {@link #read()} throws it
   */
  @Override
  void subscribe(Flow.Subscriber<? super ByteBuf> subscriber);

  /**
   * Wants no more chunks: those that wait and those that come are dropped. Where the stream is the
   * answer to a call of ours, the call is given up.
   */
  void cancel();

  /**
   * The chunks as one run of bytes, read as {@link #read()} reads them, by one thread at a time. An
   * {@link RpcException} is the cause of an {@link java.io.IOException}; an interrupted thread
   * stays so and gets an {@link java.io.InterruptedIOException}. Closing the stream before its end
   * is {@link #cancel()}.
   *
   * @return a stream that takes the place of this reader
   */
  default InputStream inputStream() {
    return new ChunkInputStream(this);
  }
}
