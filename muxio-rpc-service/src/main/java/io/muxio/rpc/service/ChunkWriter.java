package io.muxio.rpc.service;

import io.netty.buffer.ByteBuf;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A stream of chunks that goes to the peer, written by one thread at a time. A chunk of up to 64
 * KiB (the connection's chunk size) arrives as one; a longer one is cut. Empty chunks are not sent.
 *
 * <p>While the peer does not read, or other streams fill the connection, {@link #write} waits and
 * {@link #writeAsync} completes later.
 */
public interface ChunkWriter {
  /**
   * Sends a chunk, and waits while too much that was written before has not left.
   *
   * @param chunk taken over by this method, also where it throws, and sent after it has returned:
   *     an array that it wraps must not be changed or used again
   * @throws RpcException where the stream can take no more because its call is over: with {@link
   *     RpcStatus#CANCELLED}, {@link RpcStatus#DISCONNECTED}, {@link RpcStatus#DEADLINE_EXCEEDED}
   *     or, for a request, with how the call ended
   * @throws InterruptedException where the thread was interrupted; the chunk is not sent
   * @throws IllegalStateException where the stream was ended by this end, or on the connection's
   *     event loop, which would wait for itself
   */
  void write(ByteBuf chunk) throws InterruptedException;

  /**
   * Sends a chunk without waiting.
   *
   * @param chunk taken over by this method
   * @return done, on the executor for callbacks, when the next chunk should be written; fails with
   *     what {@link #write} throws. A writer that does not wait for it can make 4 MiB wait; with
   *     more the stream fails with {@link RpcStatus#REJECTED}
   */
  CompletableFuture<Void> writeAsync(ByteBuf chunk);

  /**
   * Whether {@link #write} would not wait.
   *
   * @return false also where the stream is over
   */
  boolean isWritable();

  /**
   * Sends all chunks of a publisher, asking it for more as they leave, and then ends the stream. A
   * publisher that fails makes the stream fail, and so does one that gives more than it was asked
   * for.
   *
   * @param chunks each is taken over
   * @return done when the last chunk has left, or fails with what {@link #write} throws or what the
   *     publisher failed with
   * @throws IllegalStateException where the stream has ended or is written by a publisher already
   */
  CompletionStage<Void> writeAll(Flow.Publisher<? extends ByteBuf> chunks);

  /**
   * Ends the stream behind the chunks that were written; nothing can be written afterwards. A
   * second call does nothing, and neither does one while a publisher writes the stream, which ends
   * with it.
   *
   * @return done when the last chunk has left, or fails with what {@link #write} throws
   */
  CompletionStage<Void> end();

  /**
   * A stream that gathers bytes to chunks of 64 KiB and sends each with {@link #write}, for one
   * thread at a time. An {@link RpcException} is the cause of an {@link java.io.IOException}; an
   * interrupted thread stays so and gets an {@link java.io.InterruptedIOException}; behind either
   * bytes are missing, and nothing more can be written. Its {@code flush()} sends what was
   * gathered, and so does {@code close()}, which does <em>not</em> end this writer: a block that is
   * left by an exception closes its streams too, and must not make half a value look like a whole
   * one. Call {@link #end()} when all was written.
   *
   * @return a stream that is to be closed, because it holds a buffer
   */
  default OutputStream outputStream() {
    return new ChunkOutputStream(this);
  }
}
