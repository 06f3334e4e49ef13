package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.RpcException;

/** Serves a streaming method and may block. */
@FunctionalInterface
public interface StreamHandler {
  /**
   * Serves a call from its first byte on, while its request is still coming in. The answer ends
   * when this method returns; what it has not read of the request is dropped. Both streams may be
   * used by threads of its own, but not after it has returned. Where it leaves a publisher that
   * writes the answer, see {@link ChunkWriter#writeAll}, the answer and the request last as long as
   * that.
   *
   * @param request the caller's chunks
   * @param response where the answer's chunks go
   * @param call whose call it is
   * @throws RpcException to choose the status and the text that the caller gets, behind the chunks
   *     that have left; those that still wait are dropped
   * @throws Exception anything else becomes a system error whose detail stays in the log
   */
  void handle(ChunkReader request, ChunkWriter response, StreamContext call) throws Exception;
}
