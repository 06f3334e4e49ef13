package io.muxio.rpc.caller;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.util.concurrent.CompletableFuture;

/** Calls the peer of one connection over its dispatcher. Safe to use from any thread. */
public final class ConnectionCaller implements RpcCaller {
  private static final int MAX_PARAMETERS = 0xffff;

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

  @Override
  public StreamCall open(StreamMethod method, byte[] parameters, CallOptions options) {
    if (parameters.length > MAX_PARAMETERS) {
      throw new IllegalArgumentException(
          "parameters: " + parameters.length + " bytes (expected: at most " + MAX_PARAMETERS + ")");
    }
    OutboundStreamCall call = new OutboundStreamCall(method, host);
    call.start(host.allocator().buffer(parameters.length).writeBytes(parameters), options);
    return call;
  }

  @Override
  public boolean mayBlock() {
    return !host.thread().isCurrent();
  }
}
