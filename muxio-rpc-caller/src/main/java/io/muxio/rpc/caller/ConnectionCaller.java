package io.muxio.rpc.caller;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcMethod;
import java.util.concurrent.CompletableFuture;

/** Calls the peer of one connection over its dispatcher. Safe to use from any thread. */
public final class ConnectionCaller implements RpcCaller {
  private final CallerHost host;

  /**
   * Makes the caller of a connection.
   *
   * @param host what it needs of the connection
   */
  public ConnectionCaller(CallerHost host) {
    this.host = host;
  }

  @Override
  public <Q, R> CompletableFuture<R> call(RpcMethod<Q, R> method, Q request, CallOptions options) {
    OutboundCall<R> call = new OutboundCall<>(method, host);
    call.start(method.requestCodec().encode(request, host.allocator()), options);
    return call.future();
  }
}
