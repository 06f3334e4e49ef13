package io.muxio.rpc.service;

import java.util.concurrent.CompletableFuture;

/**
 * Stands around the calls of a caller: may refuse, measure, change or repeat them. Used by any
 * number of calls at once; runs on the thread that calls, which may be an event loop, so it must
 * not block.
 *
 * <pre>{@code
 * CallInterceptor timing = new CallInterceptor() {
 *   @Override
 *   public <Q, R> CompletableFuture<R> call(
 *       RpcMethod<Q, R> method, Q request, CallOptions options, RpcCaller next) {
 *     long start = System.nanoTime();
 *     return next.call(method, request, options)
 *         .whenComplete((answer, failure) -> record(method.name(), System.nanoTime() - start));
 *   }
 * };
 * }</pre>
 *
 * Set for all callers of a server or client by their builders' {@code callInterceptor}, or for one
 * caller by {@link RpcCaller#intercepted}.
 */
public interface CallInterceptor {
  /**
   * Makes a unary call, those of stubs included, by {@code next}; or does not, or makes it several
   * times.
   *
   * <p>The future may be one that is derived from {@code next}'s. The user gets another, which
   * fails with an {@link RpcException} whatever the derived one wraps it in. Where the user gives
   * the call up, what was called by {@code next} is given up, and then this future is cancelled
   * unless an answer is on its way through it. When this future completes first, what was called by
   * {@code next} and has not ended is given up too.
   *
   * <p>A request that is, or holds, a {@code ByteBuf} is taken over by the first call of {@code
   * next} that it is passed to: to call more than once, encode it and pass retained duplicates. An
   * interceptor that passes on something else releases it; where {@code next} is not called at all,
   * it is released for the interceptor. An answer that is a {@code ByteBuf} and is not passed on is
   * released by the interceptor.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what is called
   * @param request the request
   * @param options how it is called; within a handler with the deadline and the scope of the call
   *     that is served, see {@link CallScope}
   * @param next the interceptor behind this one, and at last the connection; for this call only
   * @return completes with the answer, or fails with an {@link RpcException}; anything else that it
   *     fails with becomes one
   * @throws RpcException to refuse the call, which fails with it
   * @throws CodecException where the request cannot be encoded
   */
  default <Q, R> CompletableFuture<R> call(
      RpcMethod<Q, R> method, Q request, CallOptions options, RpcCaller next) {
    return next.call(method, request, options);
  }

  /**
   * Opens a streaming call by {@code next}, or does not. When it is over is told by {@link
   * StreamCall#ended()}.
   *
   * @param method what is called
   * @param parameters bytes that the callee gets before the first chunk
   * @param options how it is called
   * @param next the interceptor behind this one, and at last the connection
   * @return the call
   * @throws RpcException to refuse the call, both of whose streams fail with it
   */
  default StreamCall open(
      StreamMethod method, byte[] parameters, CallOptions options, RpcCaller next) {
    return next.open(method, parameters, options);
  }
}
