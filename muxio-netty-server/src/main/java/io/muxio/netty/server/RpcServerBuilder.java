package io.muxio.netty.server;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.rpc.SessionConfig;
import io.muxio.netty.ConnectionConfig;
import io.muxio.netty.HandlerExecutors;
import io.muxio.netty.Transport;
import io.muxio.rpc.endpoint.AsyncStreamHandler;
import io.muxio.rpc.endpoint.AsyncUnaryHandler;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.endpoint.StreamHandler;
import io.muxio.rpc.endpoint.UnaryHandler;
import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Collects a server's methods and settings. Not thread-safe. */
public final class RpcServerBuilder {
  private static final int MIN_CHUNK_SIZE = 64;
  private static final int MAX_PORT = 0xffff;

  private final RpcEndpoint.Builder endpoint = RpcEndpoint.builder();
  private @Nullable InetSocketAddress bindAddress;
  private String path = "/ws";
  private ServerLimits limits = ServerLimits.DEFAULT;
  private int chunkSize = SessionConfig.DEFAULT_CHUNK_SIZE;
  private final List<ConnectionListener> listeners = new ArrayList<>();
  private @Nullable Executor handlerExecutor;
  private @Nullable EventLoopGroup eventLoopGroup;

  RpcServerBuilder() {}

  /**
   * Where to listen. Not needed where {@link RpcServer#channelInitializer()} or {@link
   * RpcServer#upgradeHandler()} is used instead of {@link RpcServer#start()}.
   *
   * @param host a name or an address; {@code 0.0.0.0} or {@code ::} for all interfaces
   * @param port 0 to 65,535; 0 for any free port
   * @return this builder
   */
  public RpcServerBuilder bind(String host, int port) {
    Objects.requireNonNull(host, "host");
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
    bindAddress = new InetSocketAddress(host, port);
    return this;
  }

  /**
   * The path that clients connect to; every other is answered 404.
   *
   * @param path begins with a slash; default {@code /ws}, which published clients are bound to
   * @return this builder
   */
  public RpcServerBuilder path(String path) {
    if (!path.startsWith("/") || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
      throw new IllegalArgumentException(
          "path: '" + path + "' (expected: begins with /, without query and fragment)");
    }
    this.path = path;
    return this;
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
  public <Q, R> RpcServerBuilder handle(RpcMethod<Q, R> method, UnaryHandler<Q, R> handler) {
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
  public <Q, R> RpcServerBuilder handle(
      RpcMethod<Q, R> method, UnaryHandler<Q, R> handler, ExecutionMode mode) {
    endpoint.handle(method, handler, mode);
    return this;
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
  public <Q, R> RpcServerBuilder handleAsync(
      RpcMethod<Q, R> method, AsyncUnaryHandler<Q, R> handler) {
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
  public <Q, R> RpcServerBuilder handleAsync(
      RpcMethod<Q, R> method, AsyncUnaryHandler<Q, R> handler, ExecutionMode mode) {
    endpoint.handleAsync(method, handler, mode);
    return this;
  }

  /**
   * Registers a streaming handler that may block; it runs on the handler executor.
   *
   * @param method what it serves
   * @param handler serves it
   * @return this builder
   * @throws IllegalArgumentException where the method's id is taken; names both methods
   */
  public RpcServerBuilder handleStream(StreamMethod method, StreamHandler handler) {
    endpoint.handleStream(method, handler);
    return this;
  }

  /**
   * Registers a streaming handler that does not block; it is called on the handler executor.
   *
   * @param method what it serves
   * @param handler serves it
   * @return this builder
   * @throws IllegalArgumentException where the method's id is taken; names both methods
   */
  public RpcServerBuilder handleStreamAsync(StreamMethod method, AsyncStreamHandler handler) {
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
  public RpcServerBuilder handleStreamAsync(
      StreamMethod method, AsyncStreamHandler handler, ExecutionMode mode) {
    endpoint.handleStreamAsync(method, handler, mode);
    return this;
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
  public <T> RpcServerBuilder service(Class<T> api, T implementation) {
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
  public <T> RpcServerBuilder service(Class<T> api, T implementation, ExecutionMode mode) {
    endpoint.service(api, implementation, mode);
    return this;
  }

  /**
   * Registers every method of an endpoint, so that the same methods can be served elsewhere too,
   * such as in memory by a test.
   *
   * @param endpoint its methods are taken, its {@link #exposeErrors} is not
   * @return this builder
   * @throws IllegalArgumentException where a method's id is taken; names both methods
   */
  public RpcServerBuilder handleAll(RpcEndpoint endpoint) {
    this.endpoint.handleAll(endpoint);
    return this;
  }

  /**
   * Whether the text of a handler's unexpected exception is sent to the caller.
   *
   * @param expose true to send it, which may tell a caller what is not for it to know; by default
   *     the caller gets "internal error" and the detail stays in the log
   * @return this builder
   */
  public RpcServerBuilder exposeErrors(boolean expose) {
    endpoint.exposeErrors(expose);
    return this;
  }

  /**
   * What clients can make grow, and how long they may take: every bound of the server.
   *
   * @param limits the bounds; default {@link ServerLimits#DEFAULT}
   * @return this builder
   */
  public RpcServerBuilder limits(ServerLimits limits) {
    this.limits = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * The longest payload of a frame that the server sends; answers are cut at it.
   *
   * @param bytes 64 to 1 GiB; default 65,536 as in all published peers
   * @return this builder
   */
  public RpcServerBuilder chunkSize(int bytes) {
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
    return this;
  }

  /**
   * Adds a listener that is told what happens to connections; several are told in this order.
   *
   * @param listener never called on an event loop
   * @return this builder
   */
  public RpcServerBuilder connectionListener(ConnectionListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Where handlers run. By default one virtual thread a call where the JVM has them, else a pool,
   * see {@link HandlerExecutors#create}.
   *
   * @param executor of the user's own; the server never shuts it down
   * @return this builder
   */
  public RpcServerBuilder handlerExecutor(Executor executor) {
    handlerExecutor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * The event loops that accept and serve connections. By default a group of the server's own on
   * the {@link Transport#best()} transport.
   *
   * @param group for epoll, io_uring or NIO, of the user's own; the server never shuts it down
   * @return this builder
   * @throws IllegalArgumentException where the group is for none of these
   */
  public RpcServerBuilder eventLoopGroup(EventLoopGroup group) {
    Transport.of(group);
    eventLoopGroup = group;
    return this;
  }

  /**
   * Makes the server, which is yet to be started. The builder may be used on.
   *
   * @return a new server
   */
  public RpcServer build() {
    ExecutorService ownExecutor =
        handlerExecutor == null ? HandlerExecutors.create("muxio-handler") : null;
    Executor executor = ownExecutor == null ? handlerExecutor : ownExecutor;
    ExecutorService callbacks = HandlerExecutors.create("muxio-callback");
    ConnectionConfig connection =
        new ConnectionConfig(
            IdSpace.SERVER,
            null,
            chunkSize,
            limits.connection(),
            endpoint.build(),
            Objects.requireNonNull(executor),
            callbacks,
            listeners);
    ServerConfig config = new ServerConfig(bindAddress, path, limits, connection);
    return new RpcServer(config, new ServerResources(eventLoopGroup, ownExecutor, callbacks));
  }
}
