package io.muxio.netty.server;

import io.muxio.netty.HostThreads;
import io.muxio.rpc.service.Broadcast;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcMethod;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Serves methods to muxio clients over WebSocket. Made by a {@link #builder()}, started once,
 * closed once; safe to use from any thread.
 */
public final class RpcServer implements AutoCloseable {
  private enum State {
    /** Not started. */
    NEW,
    /** Bound and serving; from {@link #NEW}. */
    STARTED,
    /** Closed; from any state. Final. */
    CLOSED
  }

  private final ServerConfig config;
  private final HostThreads threads;
  private final ServerConnections connections;
  private final ServerInitializer initializer;

  // Changed under the lock only; read from anywhere, so that a text never waits for start().
  private volatile State state = State.NEW;
  private volatile @Nullable Listener listener;

  RpcServer(ServerConfig config, HostThreads threads) {
    this.config = config;
    this.threads = threads;
    this.connections = new ServerConnections(config);
    this.initializer = new ServerInitializer(config, connections);
  }

  /**
   * A builder without methods and without an address.
   *
   * @return a new builder
   */
  public static RpcServerBuilder builder() {
    return new RpcServerBuilder();
  }

  /**
   * Binds the address and begins to serve; returns when clients can connect. A started server keeps
   * the JVM running until it is closed, unless its event loops are the user's own. It has no
   * shutdown hook: where the process is told to end, the application closes the server.
   *
   * @return this server
   * @throws IOException where the address cannot be bound; the server is closed then
   * @throws IllegalStateException where the server was started or closed before, or has no address
   */
  public synchronized RpcServer start() throws IOException {
    if (state != State.NEW) {
      throw new IllegalStateException(
          "server: " + state + " (expected: NEW; a server starts once, build() makes another)");
    }
    if (config.bindAddress() == null) {
      throw new IllegalStateException(
          "no address (expected: bind(host, port) or bindUnix(path) before build(); or channelInitializer() in a"
              + " bootstrap of your own, without start())");
    }
    try {
      listener = Listener.bind(config, threads.group(), initializer);
      state = State.STARTED;
      return this;
    } finally {
      if (state != State.STARTED) {
        close();
      }
    }
  }

  /**
   * Where the server listens on TCP; tells the port where it was bound to port 0.
   *
   * @return the bound address
   * @throws IllegalStateException where the server does not listen on TCP: it is not started, is
   *     embedded in a pipeline of the user's, or has a unix socket
   */
  public InetSocketAddress address() {
    if (localAddress() instanceof InetSocketAddress address) {
      return address;
    }
    throw new IllegalStateException(
        "server on unix:" + localAddress() + " (expected: one that was bound to host and port)");
  }

  /**
   * Where the server listens, on TCP or a unix socket.
   *
   * @return an {@link InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}
   * @throws IllegalStateException where the server does not listen: it is not started, or is
   *     embedded in a pipeline of the user's
   */
  public synchronized SocketAddress localAddress() {
    Listener bound = listener;
    if (bound == null) {
      throw new IllegalStateException(
          "server: " + state + " without a listener of its own (expected: start() was called)");
    }
    return bound.address();
  }

  /**
   * The clients that are connected.
   *
   * @return those of this moment, in no order; the list does not change afterwards
   */
  public List<RpcConnection> connections() {
    return connections.connected();
  }

  /**
   * Calls a method of every client that is connected, see {@link Broadcast}.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param method what to call
   * @param request the request; a {@code ByteBuf} is taken over
   * @param options how to call it; with a deadline, so that no client can delay the outcomes
   * @return completes with what became of each call; never fails
   * @throws CodecException where the request cannot be encoded; then nobody is called
   */
  public <Q, R> CompletableFuture<List<Broadcast.Outcome<R>>> broadcast(
      RpcMethod<Q, R> method, Q request, CallOptions options) {
    return Broadcast.call(connections(), method, request, options);
  }

  /**
   * Sets up the channels of a bootstrap of the user's own, which then needs no {@link #start()}:
   *
   * <pre>{@code
   * new ServerBootstrap()
   *     .group(group)
   *     .channel(NioServerSocketChannel.class)
   *     .childOption(ChannelOption.TCP_NODELAY, true)
   *     .childHandler(server.channelInitializer())
   *     .bind(3000);
   * }</pre>
   *
   * The server serves these connections like those of its own: they count, and {@link #close()}
   * ends them, but neither the bootstrap's channel nor its group. A channel that comes when the
   * server is closed is closed. Every kind of channel will do, {@code LocalChannel} too.
   *
   * @return the same initializer always, for any number of channels
   */
  public ChannelInitializer<Channel> channelInitializer() {
    return initializer;
  }

  /**
   * Makes connections of the WebSocket upgrades of the server's path in an HTTP pipeline of the
   * user's own; every other request passes on to the next handler untouched.
   *
   * <pre>{@code
   * channel.pipeline()
   *     .addLast(new HttpServerCodec())
   *     .addLast(new HttpObjectAggregator(65_536))
   *     .addLast(server.upgradeHandler())
   *     .addLast(new MyHttpHandler());
   * }</pre>
   *
   * Before it, the pipeline has to have an {@code HttpServerCodec} (or an {@code
   * HttpRequestDecoder} and an {@code HttpResponseEncoder}) and an {@code HttpObjectAggregator}; an
   * {@code SslHandler} may come first. An upgrade that has no place is answered 503 and one that is
   * malformed 400 or 426, and both are closed.
   *
   * <p>With the upgrade the HTTP codec, the aggregator and an {@code HttpContentCompressor} are
   * removed, the WebSocket codec takes the place of the HTTP codec, and the connection that of this
   * handler. The handlers behind stay, but see no message of the connection; those between codec
   * and this handler see WebSocket frames, and have to let them pass.
   *
   * <p>A connection begins with its upgrade, and with it all that {@link #channelInitializer()}
   * says of connections. Before, the channel is none of the server's.
   *
   * @return a new handler, for one channel; to be added without an executor of its own
   */
  public ChannelHandler upgradeHandler() {
    return new UpgradeHandler(config, connections, null);
  }

  /**
   * Stops to accept, refuses new calls, waits for the calls that are running up to {@link
   * ServerLimits#drainTimeout()}, closes every connection with the WebSocket code 1001, and ends
   * the threads that the server made itself. Returns when that is done; a second call does nothing.
   * A group, an executor or a bootstrap of the user's own stays as it is. The listeners have been
   * told of every end then, unless one of them blocks for seconds. A handler that calls it is
   * waited for like any other.
   *
   * @throws IllegalStateException on an event loop of the server or of one of its connections,
   *     which it would wait for
   */
  @Override
  public void close() {
    Listener closing;
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      if (threads.isOnLoop() || connections.isOnLoop()) {
        throw new IllegalStateException(
            "close() on an event loop of the server, which it waits for (expected: another"
                + " thread)");
      }
      state = State.CLOSED;
      closing = listener;
    }
    // Outside of the lock: address() and a second close() do not wait for the calls that are
    // running.
    try {
      connections.refuse();
      if (closing != null) {
        closing.close();
      }
      connections.close();
    } finally {
      threads.close();
    }
  }

  /** Where it listens, how many clients are connected, and whether it is started or closed. */
  @Override
  public String toString() {
    Listener bound = listener;
    SocketAddress address = bound == null ? config.bindAddress() : bound.address();
    String where = "without an address";
    if (address != null) {
      where = (address instanceof UnixDomainSocketAddress ? "on unix:" : "on ") + address;
    }
    return "server " + where + ", " + connections().size() + " connections, " + state;
  }
}
