package io.muxio.rpc.service;

import java.util.concurrent.CompletableFuture;

/**
 * Calls the peer of one connection. Safe to use from any thread, handlers of the same connection
 * too.
 */
public interface RpcCaller {
  /**
   * Calls a unary method and waits for its answer as long as the connection lasts.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what to call
   * @param request the request; a {@code ByteBuf} is taken over
   * @return see {@link #call(RpcMethod, Object, CallOptions)}
   * @throws CodecException where the request cannot be encoded
   */
  default <Q, R> CompletableFuture<R> call(RpcMethod<Q, R> method, Q request) {
    return call(method, request, CallOptions.DEFAULT);
  }

  /**
   * Calls a unary method. Completing the future from outside, by {@code cancel} or {@code
   * orTimeout}, gives the call up: its answer is dropped when it comes.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what to call
   * @param request the request; a {@code ByteBuf} is taken over
   * @param options how to call it
   * @return completes with the answer, on an executor for callbacks, or fails with an {@link
   *     RpcException} that names method and status: what the callee said, or {@link
   *     RpcStatus#DEADLINE_EXCEEDED}, {@link RpcStatus#DISCONNECTED}, {@link RpcStatus#REJECTED}
   * @throws CodecException where the request cannot be encoded
   */
  <Q, R> CompletableFuture<R> call(RpcMethod<Q, R> method, Q request, CallOptions options);

  /**
   * Opens a streaming call without parameters that lasts as long as it likes.
   *
   * @param method what to call
   * @return see {@link #open(StreamMethod, byte[], CallOptions)}
   */
  default StreamCall open(StreamMethod method) {
    return open(method, new byte[0], CallOptions.DEFAULT);
  }

  /**
   * Opens a streaming call. Returns at once; where the call cannot be made, both of its streams
   * fail.
   *
   * @param method what to call
   * @param parameters bytes that the callee gets before the first chunk, 65,535 at most; copied
   * @param options how to call it; the deadline is for the end of the answer
   * @return the call
   * @throws IllegalArgumentException where the parameters are too long
   */
  StreamCall open(StreamMethod method, byte[] parameters, CallOptions options);
}
