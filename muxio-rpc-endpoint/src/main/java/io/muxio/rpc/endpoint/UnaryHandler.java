package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.RpcException;

/**
 * Serves a unary method and may block.
 *
 * @param <Q> the type of the request
 * @param <R> the type of the answer
 */
@FunctionalInterface
public interface UnaryHandler<Q, R> {
  /**
   * Answers a call.
   *
   * @param request the request; a {@code ByteBuf} belongs to the handler
   * @param call whose call it is
   * @return the answer, not null
   * @throws RpcException to choose the status and the text of the answer
   * @throws Exception anything else becomes a system error whose detail stays in the log
   */
  R handle(Q request, CallContext call) throws Exception;
}
