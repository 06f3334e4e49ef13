package io.muxio.rpc.caller;

import io.muxio.rpc.scope.NestedCall;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Calls the peer of one connection over its dispatcher, for the call that the thread serves where
 * it serves one, see {@link CallScope}. Safe to use from any thread.
 */
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
    NestedCall nested = NestedCall.of(options);
    return nested == null
        ? call(method, request, options, Duration.ZERO)
        : nested.call(method, request, within -> call(method, request, within, Duration.ZERO));
  }

  /**
   * Makes a call that has waited for its connection. Whoever let it wait has brought it into the
   * scope that it belongs to.
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
    NestedCall nested = NestedCall.of(options);
    return nested == null
        ? open(method, parameters, options, Duration.ZERO)
        : nested.open(method, within -> open(method, parameters, within, Duration.ZERO));
  }

  /**
   * Opens a streaming call that has waited for its connection. Whoever let it wait has brought it
   * into the scope that it belongs to.
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
    OutboundStreamCall call = new OutboundStreamCall(method, options, host);
    call.start(host.allocator().buffer(parameters.length).writeBytes(parameters), waited);
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
