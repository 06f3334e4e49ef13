package io.muxio.netty.client;

import io.muxio.netty.ConnectionHandler;
import io.muxio.netty.HostThreads;
import io.muxio.rpc.scope.NestedCall;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The calls of a client behind its interceptors, each for the call that the thread serves where it
 * serves one. Safe to use from any thread.
 */
record ClientCaller(CallHost host, HostThreads threads, Supplier<String> name)
    implements RpcCaller {

  @Override
  public <Q, R> CompletableFuture<R> call(RpcMethod<Q, R> method, Q request, CallOptions options) {
    NestedCall nested = NestedCall.of(options);
    return nested == null
        ? send(method, request, options)
        : nested.call(method, request, within -> send(method, request, within));
  }

  private <Q, R> CompletableFuture<R> send(RpcMethod<Q, R> method, Q request, CallOptions options) {
    ByteBuf encoded = method.requestCodec().encode(request, ByteBufAllocator.DEFAULT);
    ClientCall<R> call =
        new ClientCall<>(method.withRequestCodec(Codec.byteBuf()), encoded, options, host);
    call.start();
    return call.future();
  }

  @Override
  public StreamCall open(StreamMethod method, byte[] parameters, CallOptions options) {
    NestedCall nested = NestedCall.of(options);
    return nested == null
        ? begin(method, parameters, options)
        : nested.open(method, within -> begin(method, parameters, within));
  }

  private StreamCall begin(StreamMethod method, byte[] parameters, CallOptions options) {
    ConnectionHandler current = host.reconnector().connection();
    if (current != null) {
      return current.caller().open(method, parameters, options, Duration.ZERO);
    }
    WaitingStream call = new WaitingStream(method, parameters, options, host);
    call.start();
    return call;
  }

  @Override
  public boolean mayBlock() {
    return !threads.isOnLoop();
  }

  @Override
  public boolean isClosed() {
    return host.reconnector().isOver();
  }

  @Override
  public String toString() {
    return name.get();
  }
}
