package io.muxio.rpc.caller;

import io.muxio.rpc.service.RpcMethod;
import java.util.concurrent.CompletableFuture;

/** Calls the peer of one connection. Safe to use from any thread. */
public final class RpcCaller {
  private final CallerHost host;

  /**
   * Makes the caller of a connection.
   *
   * @param host what it needs of the connection
   */
  public RpcCaller(CallerHost host) {
    this.host = host;
  }

  /**
   * Calls a unary method. Cancelling the future gives the call up: its answer is dropped.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what to call
   * @param request the request; a {@code ByteBuf} is taken over
   * @return completes with the answer, on the callback executor, or fails with an {@link
   *     io.muxio.rpc.service.RpcException} that names method and status
   * @throws io.muxio.rpc.service.CodecException where the request cannot be encoded
   */
  public <Q, R> CompletableFuture<R> call(RpcMethod<Q, R> method, Q request) {
    OutboundCall<R> call = new OutboundCall<>(method, host);
    call.start(method.requestCodec().encode(request, host.allocator()));
    return call.future();
  }
}
