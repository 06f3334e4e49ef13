package io.muxio.rpc.service;

import io.muxio.rpc.typed.ServiceStub;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Calls the peer of one connection. Safe to use from any thread, handlers of the same connection
 * too.
 */
public interface RpcCaller {
  /**
   * How calls are made that come without options.
   *
   * @return {@link CallOptions#DEFAULT} where nothing else was set: the call lasts as long as the
   *     connection
   */
  default CallOptions callOptions() {
    return CallOptions.DEFAULT;
  }

  /**
   * Calls a unary method with the {@link #callOptions()}.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what to call
   * @param request the request; a {@code ByteBuf} is taken over
   * @return see {@link #call(RpcMethod, Object, CallOptions)}
   * @throws CodecException where the request cannot be encoded
   */
  default <Q, R> CompletableFuture<R> call(RpcMethod<Q, R> method, Q request) {
    return call(method, request, callOptions());
  }

  /**
   * Calls a unary method. Completing the future from outside, by {@code cancel} or {@code
   * orTimeout}, gives the call up: its answer is dropped when it comes. Completing a future that is
   * derived of it, as {@code thenApply} does, gives up nothing.
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
   * Opens a streaming call without parameters, with the {@link #callOptions()}.
   *
   * @param method what to call
   * @return see {@link #open(StreamMethod, byte[], CallOptions)}
   */
  default StreamCall open(StreamMethod method) {
    return open(method, new byte[0], callOptions());
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

  /**
   * A stub of a service whose calls are made with the {@link #callOptions()}.
   *
   * @param <T> the service
   * @param api its interface, see {@link RpcName}
   * @return see {@link #service(Class, CallOptions)}
   * @throws IllegalArgumentException where the interface is no service
   */
  default <T> T service(Class<T> api) {
    return service(api, callOptions());
  }

  /**
   * A stub of a service that the peer serves. Its methods call the peer:
   *
   * <ul>
   *   <li>One that returns a value, or nothing, waits for the answer. It throws what the method
   *       declares, or an {@link RpcException}; {@link RpcStatus#CANCELLED} where the thread is
   *       interrupted, which it stays. On the connection's event loop, which would wait for itself,
   *       it throws an {@link IllegalStateException} and calls nobody.
   *   <li>One that returns a {@code CompletionStage} returns a {@code CompletableFuture}, which
   *       fails with the same exceptions. Cancelling it gives the call up.
   *   <li>One that returns a publisher calls the peer for each subscriber, with the same arguments.
   *       Cancelling the subscription gives the call up. A subscriber gets the items on the
   *       executor for callbacks, or within its {@code request} where they have come before. An
   *       {@link ItemReader} takes them on the thread that reads.
   * </ul>
   *
   * Arguments that cannot be encoded throw a {@link CodecException}, null a {@link
   * NullPointerException}. Default methods run here. Stubs are cheap, immutable, and safe to use
   * from any thread; two of the same service, caller and options are equal.
   *
   * @param <T> the service
   * @param api its interface, see {@link RpcName}
   * @param options how each call is made
   * @return the stub
   * @throws IllegalArgumentException where the interface is no service; lists every method that
   *     cannot be called, with the reason
   */
  default <T> T service(Class<T> api, CallOptions options) {
    return ServiceStub.of(api, this, options);
  }

  /**
   * The same caller with interceptors around its calls, in front of those that it has.
   *
   * @param interceptors the first is the outermost
   * @return a caller of the same peer; this one stays as it is
   */
  default RpcCaller intercepted(CallInterceptor... interceptors) {
    return intercepted(List.of(interceptors));
  }

  /**
   * The same caller with interceptors around its calls, in front of those that it has.
   *
   * @param interceptors the first is the outermost
   * @return a caller of the same peer; this one stays as it is
   */
  default RpcCaller intercepted(List<CallInterceptor> interceptors) {
    return InterceptedCaller.of(this, interceptors);
  }

  /**
   * Whether the current thread may wait for an answer.
   *
   * @return false on the connection's event loop, which would wait for itself
   */
  boolean mayBlock();

  /**
   * Whether every further call would fail, because there will be no connection any more. A {@link
   * Retry} makes no further attempt then.
   *
   * @return true once and for all where the connection ends, of a client where it is being closed
   *     or has given up; a caller that does not know says false, which is the default
   */
  default boolean isClosed() {
    return false;
  }
}
