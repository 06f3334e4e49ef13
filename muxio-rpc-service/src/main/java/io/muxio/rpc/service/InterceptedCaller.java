package io.muxio.rpc.service;

import io.muxio.rpc.scope.NestedCall;
import io.muxio.rpc.scope.RefusedStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A caller whose calls go through an interceptor. */
record InterceptedCaller(CallInterceptor interceptor, RpcCaller next) implements RpcCaller {

  /** The first interceptor is the outermost. */
  static RpcCaller of(RpcCaller caller, List<CallInterceptor> interceptors) {
    RpcCaller result = caller;
    for (int index = interceptors.size() - 1; index >= 0; index--) {
      result =
          new InterceptedCaller(
              Objects.requireNonNull(interceptors.get(index), "interceptor"), result);
    }
    return result;
  }

  @Override
  public <Q, R> CompletableFuture<R> call(RpcMethod<Q, R> method, Q request, CallOptions options) {
    NestedCall nested = NestedCall.of(options);
    return nested == null
        ? through(method, request, options)
        : nested.call(method, request, within -> through(method, request, within));
  }

  private <Q, R> CompletableFuture<R> through(
      RpcMethod<Q, R> method, Q request, CallOptions options) {
    return new InterceptedCall<>(method, request, next).through(interceptor, options);
  }

  @Override
  public StreamCall open(StreamMethod method, byte[] parameters, CallOptions options) {
    NestedCall nested = NestedCall.of(options);
    return nested == null
        ? through(method, parameters, options)
        : nested.open(method, within -> through(method, parameters, within));
  }

  private StreamCall through(StreamMethod method, byte[] parameters, CallOptions options) {
    try {
      return Objects.requireNonNull(
          interceptor.open(method, parameters, options, next),
          () -> interceptor + " returned null (expected: a StreamCall)");
    } catch (RpcException e) {
      return new RefusedStream(e.ofCall(method, false));
    }
  }

  @Override
  public CallOptions callOptions() {
    return next.callOptions();
  }

  @Override
  public boolean mayBlock() {
    return next.mayBlock();
  }

  @Override
  public boolean isClosed() {
    return next.isClosed();
  }

  @Override
  public String toString() {
    return next.toString();
  }
}
