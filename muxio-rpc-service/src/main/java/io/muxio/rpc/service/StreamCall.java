package io.muxio.rpc.service;

import java.util.concurrent.CompletionStage;

/**
 * A streaming call to the peer: chunks go out and come in at the same time. It is over when the
 * answer has ended, whether or not the request has. Safe to use from any thread.
 */
public interface StreamCall extends AutoCloseable {
  /**
   * Where the request is written.
   *
   * @return always the same writer
   */
  ChunkWriter request();

  /**
   * Where the answer is read. Everything that can go wrong with the call is told there.
   *
   * @return always the same reader
   */
  ChunkReader response();

  /**
   * When the call is over.
   *
   * @return completes, on the executor for callbacks, when the whole answer has come, of which some
   *     may not have been read yet; fails with the {@link RpcException} that both streams fail
   *     with, as the cause of a {@link java.util.concurrent.CompletionException}
   */
  CompletionStage<Void> ended();

  /**
   * Gives the call up, where it is not over: both streams fail with {@link RpcStatus#CANCELLED}.
   * The peer is told if the request had not ended; a published peer cannot be told afterwards, and
   * what it still sends is dropped. Where the call is over, what was not read of its answer is
   * dropped: whoever does not read an answer to its end has to cancel or close the call.
   */
  void cancel();

  /** The same as {@link #cancel()}: a call whose answer was read to its end stays as it is. */
  @Override
  default void close() {
    cancel();
  }
}
