package io.muxio.rpc.caller;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
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
    return call(method, request, options, Duration.ZERO);
  }

  /**
   * Makes a call that has waited for its connection.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what to call
   * @param request the request; a {@code ByteBuf} is taken over
   * @param options how to call it, with the whole deadline, which the caller may be told
   * @param waited how much of the deadline has passed; zero or more
   * @return see {@link RpcCaller#call(RpcMethod, Object, CallOptions)}
   */
  public <Q, R> CompletableFuture<R> call(
      RpcMethod<Q, R> method, Q request, CallOptions options, Duration waited) {
    OutboundCall<R> call = new OutboundCall<>(method, options, host);
    call.start(method.requestCodec().encode(request, host.allocator()), waited);
    return call.future();
  }

  @Override
  public StreamCall open(StreamMethod method, byte[] parameters, CallOptions options) {
    return open(method, parameters, options, Duration.ZERO);
  }

  /**
   * Opens a streaming call that has waited for its connection.
   *
   * @param method what to call
   * @param parameters see {@link RpcCaller#open(StreamMethod, byte[], CallOptions)}
   * @param options how to call it, with the whole deadline, which the caller may be told
   * @param waited how much of the deadline has passed; zero or more
   * @return the call
   * @throws IllegalArgumentException where the parameters are too long
   */
  public StreamCall open(
      StreamMethod method, byte[] parameters, CallOptions options, Duration waited) {
    if (parameters.length > MAX_PARAMETERS) {
      throw new IllegalArgumentException(
          "parameters: " + parameters.length + " bytes (expected: at most " + MAX_PARAMETERS + ")");
    }
    OutboundStreamCall call = new OutboundStreamCall(method, host);
    call.start(host.allocator().buffer(parameters.length).writeBytes(parameters), options, waited);
    return call;
  }

  @Override
  public boolean mayBlock() {
    return !host.thread().isCurrent();
  }

  @Override
  public boolean isClosed() {
    return switch (host.connection().state()) {
      case CONNECTING, CONNECTED -> false;
      case DISCONNECTING, DISCONNECTED -> true;
    };
  }

  @Override
  public String toString() {
    return host.connection().toString();
  }
}
