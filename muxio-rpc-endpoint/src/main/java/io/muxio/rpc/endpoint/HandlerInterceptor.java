package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.ApplicationException;
import io.muxio.rpc.service.RpcException;
import java.util.concurrent.CompletionStage;

/**
 * Stands around the handlers of an endpoint, unary and streaming ones alike: may refuse a call,
 * measure it, or answer in the handler's place. Used by any number of calls at once.
 *
 * <pre>{@code
 * HandlerInterceptor known = (call, next) -> {
 *   if (call.principal() == null) {
 *     throw new RpcException(RpcStatus.FAIL, "log in first");
 *   }
 *   return next.proceed();
 * };
 * }</pre>
 *
 * It runs where the handler runs, see {@link ExecutionMode}, before the request is decoded. Calls
 * of unknown methods and calls that were refused before, such as by a limit, do not come here.
 */
@FunctionalInterface
public interface HandlerInterceptor {
  /**
   * Handles a call by {@code next}, or does not.
   *
   * @param call whose call it is
   * @param next the interceptor behind this one, and at last the handler
   * @return completes when the call has been handled, with the answer of a unary call, which may be
   *     another one of the same type; what a streaming call's stage completes with is not looked
   *     at. Where it completes before the handler was called, the handler is not: a streaming call
   *     then has an empty answer. Its failure is taken for what is thrown below
   * @throws RpcException to choose the status and the text that the caller gets
   * @throws Exception an {@link ApplicationException} that the method declares reaches the caller;
   *     anything else becomes a system error whose detail stays in the log
   */
  CompletionStage<?> handle(CallContext call, Next next) throws Exception;

  /** What stands behind an interceptor, for one call. */
  @FunctionalInterface
  interface Next {
    /**
     * Handles the call: decodes its request and calls the handler. On the thread that the
     * interceptor was called on, before the interceptor has returned, it does so at once. Later, or
     * on another thread, the handler is brought to a thread for handlers. To be called once.
     *
     * @return completes when the handler has answered: of a unary call with the answer, which
     *     belongs to the interceptor when it is a {@code ByteBuf} and is not passed on; of a
     *     streaming call when the whole answer has left. Fails with what the handler failed with,
     *     and where the call was cancelled before the handler was called. Never throws
     */
    CompletionStage<?> proceed();
  }
}
