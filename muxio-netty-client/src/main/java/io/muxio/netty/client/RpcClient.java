package io.muxio.netty.client;

import io.muxio.netty.ConnectionClosing;
import io.muxio.netty.ConnectionHandler;
import io.muxio.netty.HostThreads;
import io.muxio.netty.SerialExecutor;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Calls a muxio server over WebSocket, serves the server's calls, and connects again whenever the
 * connection is lost. Made by {@link #connect} or a {@link #builder}, closed once; safe to use from
 * any thread.
 *
 * <p>A call that is made while there is no connection waits for one until its deadline, or fails at
 * once with {@link CallOptions#failFast()}. A call that was sent when the connection is lost fails
 * with {@link RpcStatus#DISCONNECTED}, or is sent again where it is {@link
 * CallOptions#idempotent()}. {@link RpcException#mayHaveReachedPeer()} tells of every failure
 * whether it is safe to call again.
 *
 * <p>A server of this project that closes says so first, unless the extension is off. The calls
 * that run there go on, of both directions; new ones go to a new connection, for which the client
 * tries at once, and wait for it like any other. A unary call that the server has refused because
 * it was on its way then is sent again, whatever it does, because it has not run. A stream that was
 * refused so fails, and may be opened again. So a server can be restarted behind its address, and
 * no call is lost.
 *
 * <p>Nothing of a client keeps the JVM running.
 */
public final class RpcClient implements RpcCaller, AutoCloseable {
  private static final String REASON = "the client closes";

  private final ClientConfig config;
  private final HostThreads threads;
  private final ClientLife life;
  private final Reconnector reconnector;
  private final RpcCaller caller;
  private boolean closed;

  RpcClient(ClientConfig config, HostThreads threads) {
    this.config = config;
    this.threads = threads;
    EventLoop loop = threads.group().next();
    life = new ClientLife(config, new SerialExecutor(threads.callbacks()));
    ClientLimits limits = config.limits();
    WaitingBytes waiting = new WaitingBytes(limits.maxWaitingBytes());
    reconnector =
        new Reconnector(config, loop, new SerialExecutor(threads.callbacks()), life, waiting);
    CallHost host =
        new CallHost(reconnector, loop, threads.callbacks(), waiting, limits.maxSends());
    caller =
        new ClientCaller(host, threads, this::toString)
            .intercepted(config.connection().callInterceptors());
  }

  /**
   * Connects to a server with the defaults of a {@link #builder}.
   *
   * @param uri see {@link #builder}
   * @return a client that is connected
   * @throws IOException where the server cannot be reached or refuses
   * @throws IllegalArgumentException where the URI is none of a WebSocket
   */
  public static RpcClient connect(String uri) throws IOException {
    return builder(uri).connect();
  }

  /**
   * A builder of a client that serves no methods.
   *
   * @param uri {@code ws://HOST[:PORT][/PATH][?QUERY]}, such as {@code ws://127.0.0.1:3000/ws},
   *     {@code wss://…} for TLS, or {@code unix:/FILE[:/PATH][?QUERY]} for a unix socket, such as
   *     {@code unix:/run/app.sock}, where the path of the service is {@code /ws} by default
   * @return a new builder
   * @throws IllegalArgumentException where the URI is none of a WebSocket
   */
  public static RpcClientBuilder builder(String uri) {
    return new RpcClientBuilder(ServerUri.parse(uri));
  }

  /** Begins to connect. */
  CompletableFuture<Void> start() {
    return reconnector.start();
  }

  /** Begins to connect and waits for it; a client that cannot is closed. */
  void startAndWait() throws IOException {
    if (threads.isOnLoop()) {
      threads.close();
      throw new IllegalStateException(
          "connect() on an event loop of the client, which it waits for (expected: another"
              + " thread, or connectLater())");
    }
    try {
      start().get();
    } catch (ExecutionException e) {
      close();
      throw thrownHere(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while connecting to " + config.server());
    }
  }

  private static IOException thrownHere(Throwable failure) {
    if (failure instanceof HandshakeRefusedException refusal) {
      return refusal.thrownHere();
    }
    return failure instanceof ProxyRefusedException refusal
        ? refusal.thrownHere()
        : new IOException(failure.getMessage(), failure);
  }

  /** What the builder was told. */
  @Override
  public CallOptions callOptions() {
    return config.options();
  }

  @Override
  public <Q, R> CompletableFuture<R> call(RpcMethod<Q, R> method, Q request, CallOptions options) {
    return caller.call(method, request, options);
  }

  /**
   * Opens a streaming call. Returns at once; where the call cannot be made, both of its streams
   * fail. It is never sent again, however it was marked. {@link RpcException#mayHaveReachedPeer()}
   * tells whether it was refused before its handler ran.
   */
  @Override
  public StreamCall open(StreamMethod method, byte[] parameters, CallOptions options) {
    return caller.open(method, parameters, options);
  }

  @Override
  public boolean mayBlock() {
    return caller.mayBlock();
  }

  /**
   * Whether every further call would fail: the client is being closed, or has given up.
   *
   * @return true from {@link ClientState#DISCONNECTING} on
   */
  @Override
  public boolean isClosed() {
    return caller.isClosed();
  }

  /**
   * Where the client is in its life.
   *
   * @return the state of this moment
   */
  public ClientState state() {
    return life.state();
  }

  /**
   * The connection to the server.
   *
   * @return the one of this moment that takes calls, or null; after the next reconnect it is
   *     another
   */
  public @Nullable RpcConnection connection() {
    ConnectionHandler current = reconnector.connection();
    return current == null ? null : current.connection();
  }

  /**
   * Fails the calls that wait for a connection, refuses new ones of both directions, waits for
   * those that are running up to {@link ClientLimits#drainTimeout()}, says goodbye to the server
   * with the WebSocket code 1000, and ends the threads that the client made itself. Returns when
   * that is done; a second call does nothing. A group or an executor of the user's own stays as it
   * is, but the group has to live until then. The listeners have been told of the end then, unless
   * one of them blocks for seconds. A handler or a callback of a future that calls it is waited for
   * like any other, for seconds.
   *
   * @throws IllegalStateException on an event loop of the client, which it would wait for
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      if (threads.isOnLoop()) {
        throw new IllegalStateException(
            "close() on an event loop of the client, which it waits for (expected: another"
                + " thread)");
      }
      closed = true;
    }
    try {
      List<ConnectionHandler> left = reconnector.closeLater().join();
      new ConnectionClosing(left, WebSocketCloseStatus.NORMAL_CLOSURE, REASON)
          .close(config.limits().drainTimeout(), config.limits().connection().closeTimeout());
    } finally {
      threads.close();
    }
  }

  @Override
  public String toString() {
    return "client of " + config.server() + ", " + life.state();
  }
}
