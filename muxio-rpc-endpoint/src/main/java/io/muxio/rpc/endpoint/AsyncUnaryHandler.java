package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.RpcException;
import java.util.concurrent.CompletionStage;

/**
 * Serves a unary method and answers later, from any thread.
 *
 * @param <Q> the type of the request
 * @param <R> the type of the answer
 */
@FunctionalInterface
public interface AsyncUnaryHandler<Q, R> {
  /**
   * Begins to answer a call.
   *
   * @param request the request; a {@code ByteBuf} belongs to the handler
   * @param call whose call it is
   * @return completes with the answer, not null, or with what is thrown below. Where the call is
   *     {@linkplain CallContext#isCancelled() cancelled} it is cancelled too, unless its answer is
   *     a {@code ByteBuf}, which nobody would release then; one that cannot be cancelled is to be
   *     completed all the same, as the call counts among those that the peer may have at once until
   *     then. Work that goes on behind a cancelled stage is not counted
   * @throws RpcException to choose the status and the text of the answer
   * @throws Exception anything else becomes a system error whose detail stays in the log
   */
  CompletionStage<R> handle(Q request, CallContext call) throws Exception;
}
