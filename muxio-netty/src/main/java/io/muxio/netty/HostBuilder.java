package io.muxio.netty;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.rpc.SessionConfig;
import io.muxio.rpc.endpoint.AsyncStreamHandler;
import io.muxio.rpc.endpoint.AsyncUnaryHandler;
import io.muxio.rpc.endpoint.ConcurrencyLimit;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.endpoint.HandlerInterceptor;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.endpoint.StreamHandler;
import io.muxio.rpc.endpoint.UnaryHandler;
import io.muxio.rpc.service.CallInterceptor;
import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Collects what servers and clients have in common: the methods that they serve, listeners and
 * threads. Not thread-safe.
 *
 * @param <B> the builder that extends this one
 */
public abstract class HostBuilder<B extends HostBuilder<B>> {
  private static final int MIN_CHUNK_SIZE = 64;

  private final RpcEndpoint.Builder endpoint = RpcEndpoint.builder();
  private int chunkSize = SessionConfig.DEFAULT_CHUNK_SIZE;
  private boolean extension = true;
  private final List<ConnectionListener> listeners = new ArrayList<>();
  private final List<CallInterceptor> callInterceptors = new ArrayList<>();
  private @Nullable Executor handlerExecutor;
  private @Nullable EventLoopGroup eventLoopGroup;

  /** For the builders of servers and clients. */
  protected HostBuilder() {}

  /**
   * This builder, in its own type.
   *
   * @return this
   */
  protected abstract B self();

  /**
   * The threads that were asked for; those of its own are to be closed with the server or client.
   *
   * @param name of the event loops, such as {@code muxio-server}
   * @param loops event loops of the own group; 0 for Netty's default
   * @param daemon whether the JVM may exit while the own event loops run
   * @return new threads
   */
  protected HostThreads threads(String name, int loops, boolean daemon) {
    return new HostThreads(
        eventLoopGroup, handlerExecutor, () -> Transport.best().newGroup(loops, name, daemon));
  }

  /**
   * What bounds the calls of all connections together; set before {@link #connection}.
   *
   * @param maxCalls unary and streaming calls at once, 1 or more
   * @param limit of unary calls, or null for none
   */
  protected void callLimits(int maxCalls, @Nullable ConcurrencyLimit limit) {
    endpoint.maxCalls(maxCalls);
    if (limit != null) {
      endpoint.concurrencyLimit(limit);
    }
  }

  /**
   * How the connections behave.
   *
   * @param idSpace the half of the ids that this end allocates
   * @param format the peer's generation, or null to tell it from its first message
   * @param limits of each connection
   * @param threads see {@link #threads}
   * @return what was set, as far as it is about connections
   */
  protected ConnectionConfig connection(
      IdSpace idSpace, @Nullable FrameFormat format, ConnectionLimits limits, HostThreads threads) {
    return new ConnectionConfig(
        idSpace,
        format,
        extension,
        chunkSize,
        limits,
        endpoint.build(),
        threads.handlers(),
        threads.callbacks(),
        listeners,
        callInterceptors);
  }

  /**
   * Registers a handler that may block; it runs on the handler executor.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what it serves
   * @param handler serves it
   * @return this builder
   * @throws IllegalArgumentException where the method's id is taken; names both methods
   */
  public <Q, R> B handle(RpcMethod<Q, R> method, UnaryHandler<Q, R> handler) {
    return handle(method, handler, ExecutionMode.EXECUTOR);
  }

  /**
   * Registers a handler.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what it serves
   * @param handler serves it
   * @param mode where it runs
   * @return this builder
   * @throws IllegalArgumentException where the method's id is taken; names both methods
   */
  public <Q, R> B handle(RpcMethod<Q, R> method, UnaryHandler<Q, R> handler, ExecutionMode mode) {
    endpoint.handle(method, handler, mode);
    return self();
  }

  /**
   * Registers a handler that answers later; it is called on the handler executor.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what it serves
   * @param handler serves it
   * @return this builder
   * @throws IllegalArgumentException where the method's id is taken; names both methods
   */
  public <Q, R> B handleAsync(RpcMethod<Q, R> method, AsyncUnaryHandler<Q, R> handler) {
    return handleAsync(method, handler, ExecutionMode.EXECUTOR);
  }

  /**
   * Registers a handler that answers later.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what it serves
   * @param handler serves it
   * @param mode where it is called
   * @return this builder
   * @throws IllegalArgumentException where the method's id is taken; names both methods
   */
  public <Q, R> B handleAsync(
      RpcMethod<Q, R> method, AsyncUnaryHandler<Q, R> handler, ExecutionMode mode) {
    endpoint.handleAsync(method, handler, mode);
    return self();
  }

  /**
   * Registers a streaming handler that may block; it runs on the handler executor.
   *
   * @param method what it serves
   * @param handler serves it
   * @return this builder
   * @throws IllegalArgumentException where the method's id is taken; names both methods
   */
  public B handleStream(StreamMethod method, StreamHandler handler) {
    endpoint.handleStream(method, handler);
    return self();
  }

  /**
   * Registers a streaming handler that does not block; it is called on the handler executor.
   *
   * @param method what it serves
   * @param handler serves it
   * @return this builder
   * @throws IllegalArgumentException where the method's id is taken; names both methods
   */
  public B handleStreamAsync(StreamMethod method, AsyncStreamHandler handler) {
    return handleStreamAsync(method, handler, ExecutionMode.EXECUTOR);
  }

  /**
   * Registers a streaming handler that does not block.
   *
   * @param method what it serves
   * @param handler serves it
   * @param mode where it is called, and where it gets chunks and is asked for them
   * @return this builder
   * @throws IllegalArgumentException where the method's id is taken; names both methods
   */
  public B handleStreamAsync(StreamMethod method, AsyncStreamHandler handler, ExecutionMode mode) {
    endpoint.handleStreamAsync(method, handler, mode);
    return self();
  }

  /**
   * Registers every method of a service that is an interface, see {@link
   * io.muxio.rpc.service.RpcName}. The methods may block; they run on the handler executor.
   *
   * @param <T> the service
   * @param api its interface
   * @param implementation serves it, any number of calls at once
   * @return this builder
   * @throws IllegalArgumentException where the interface is no service: lists every method that
   *     cannot be served, with the reason; or where a method's id is taken: names both methods
   */
  public <T> B service(Class<T> api, T implementation) {
    return service(api, implementation, ExecutionMode.EXECUTOR);
  }

  /**
   * Registers every method of a service that is an interface.
   *
   * @param <T> the service
   * @param api its interface
   * @param implementation serves it, any number of calls at once
   * @param mode where its methods run; on the event loop none may block
   * @return this builder
   * @throws IllegalArgumentException see {@link #service(Class, Object)}
   */
  public <T> B service(Class<T> api, T implementation, ExecutionMode mode) {
    endpoint.service(api, implementation, mode);
    return self();
  }

  /**
   * Registers every method of an endpoint, so that the same methods can be served elsewhere too,
   * such as in memory by a test.
   *
   * @param endpoint its methods are taken with the interceptors that they have there, which run
   *     behind those of this end; its {@link #exposeErrors} and its limits are not
   * @return this builder
   * @throws IllegalArgumentException where a method's id is taken; names both methods
   */
  public B handleAll(RpcEndpoint endpoint) {
    this.endpoint.handleAll(endpoint);
    return self();
  }

  /**
   * Adds an interceptor around the handlers of all methods, whether registered before or after it.
   *
   * @param interceptor the first that is added is the outermost
   * @return this builder
   */
  public B handlerInterceptor(HandlerInterceptor interceptor) {
    endpoint.handlerInterceptor(interceptor);
    return self();
  }

  /**
   * Adds an interceptor around the calls to the peer: those of each connection's caller, of its
   * stubs, and of a client.
   *
   * @param interceptor the first that is added is the outermost
   * @return this builder
   */
  public B callInterceptor(CallInterceptor interceptor) {
    callInterceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
    return self();
  }

  /**
   * Whether the text of a handler's unexpected exception is sent to the caller.
   *
   * @param expose true to send it, which may tell a caller what is not for it to know; by default
   *     the caller gets "internal error" and the detail stays in the log
   * @return this builder
   */
  public B exposeErrors(boolean expose) {
    endpoint.exposeErrors(expose);
    return self();
  }

  /**
   * Whether the extension {@code muxio.x1} is spoken with peers that know it: flow control for each
   * stream, deadlines and cancellation that reach the callee, and a goodbye. It is offered by
   * clients and taken up by servers as a WebSocket subprotocol; with every other peer nothing
   * changes.
   *
   * @param extension false to speak the published protocol alone, also among our own; default true
   * @return this builder
   */
  public B extension(boolean extension) {
    this.extension = extension;
    return self();
  }

  /**
   * The longest payload of a frame that is sent; what is longer is cut. Streams of chunks are cut
   * at 65,536 bytes also where it is more.
   *
   * @param bytes 64 to 1 GiB; default 65,536 as in all published peers
   * @return this builder
   */
  public B chunkSize(int bytes) {
    if (bytes < MIN_CHUNK_SIZE || bytes > CoreLimits.MAX_FRAME_PAYLOAD) {
      throw new IllegalArgumentException(
          "chunkSize: "
              + bytes
              + " (expected: "
              + MIN_CHUNK_SIZE
              + " to "
              + CoreLimits.MAX_FRAME_PAYLOAD
              + ")");
    }
    chunkSize = bytes;
    return self();
  }

  /**
   * Adds a listener that is told what happens to connections; several are told in this order.
   *
   * @param listener never called on an event loop
   * @return this builder
   */
  public B connectionListener(ConnectionListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return self();
  }

  /**
   * Where handlers run. By default one virtual thread a call where the JVM has them, else a pool,
   * see {@link HandlerExecutors#create}.
   *
   * @param executor of the user's own; never shut down by this end
   * @return this builder
   */
  public B handlerExecutor(Executor executor) {
    handlerExecutor = Objects.requireNonNull(executor, "executor");
    return self();
  }

  /**
   * The event loops that serve the connections. By default a group of the server's or client's own
   * on the {@link Transport#best()} transport.
   *
   * @param group for epoll, io_uring or NIO, of the user's own; never shut down by this end
   * @return this builder
   * @throws IllegalArgumentException where the group is for none of these
   */
  public B eventLoopGroup(EventLoopGroup group) {
    Transport.of(group);
    eventLoopGroup = group;
    return self();
  }
}
