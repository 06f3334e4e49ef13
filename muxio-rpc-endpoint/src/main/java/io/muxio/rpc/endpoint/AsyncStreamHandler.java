package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.RpcException;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Flow;

/** Serves a streaming method without blocking. */
@FunctionalInterface
public interface AsyncStreamHandler {
  /**
   * Begins to serve a call, while its request is still coming in.
   *
   * @param request the caller's chunks; to be subscribed to, or returned as they are
   * @param call whose call it is
   * @return the answer's chunks, which are asked for as fast as the caller reads; its end is the
   *     answer's, its failure is taken for what is thrown below
   * @throws RpcException to choose the status and the text that the caller gets, behind the chunks
   *     that have left; those that still wait are dropped
   * @throws Exception anything else becomes a system error whose detail stays in the log
   */
  Flow.Publisher<? extends ByteBuf> handle(ChunkReader request, StreamContext call)
      throws Exception;
}
