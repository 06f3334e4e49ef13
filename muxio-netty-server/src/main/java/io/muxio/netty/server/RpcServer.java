package io.muxio.netty.server;

import io.muxio.rpc.service.RpcConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
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
  private final ServerResources resources;
  private State state = State.NEW;
  private @Nullable Listener listener;

  RpcServer(ServerConfig config, ServerResources resources) {
    this.config = config;
    this.resources = resources;
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
   * @throws IllegalStateException where the server was started or closed before
   */
  public synchronized RpcServer start() throws IOException {
    if (state != State.NEW) {
      throw new IllegalStateException(
          "server: " + state + " (expected: NEW; a server starts once, build() makes another)");
    }
    try {
      listener = Listener.bind(config, resources.group());
      state = State.STARTED;
      return this;
    } finally {
      if (state != State.STARTED) {
        close();
      }
    }
  }

  /**
   * Where the server listens; tells the port where it was bound to port 0.
   *
   * @return the bound address
   * @throws IllegalStateException where the server is not started
   */
  public synchronized InetSocketAddress address() {
    if (listener == null) {
      throw new IllegalStateException("server: " + state + " (expected: " + State.STARTED + ")");
    }
    return listener.address();
  }

  /**
   * The clients that are connected.
   *
   * @return those of this moment, in no order; the list does not change afterwards
   */
  public List<RpcConnection> connections() {
    return List.copyOf(config.connection().connections());
  }

  /**
   * Stops to accept, refuses new calls, waits for the calls that are running up to {@link
   * ServerLimits#drainTimeout()}, closes every connection with the WebSocket code 1001, and ends
   * the threads that the server made itself. Returns when that is done; a second call does nothing.
   * A group or an executor of the user's own stays as it is. A handler that calls it is waited for
   * like any other.
   *
   * @throws IllegalStateException on one of the server's event loops, which it would wait for
   */
  @Override
  public void close() {
    Listener closing;
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      resources.checkNotOnLoop();
      state = State.CLOSED;
      closing = listener;
    }
    // Outside of the lock: address() and a second close() do not wait for the calls that are
    // running.
    try {
      if (closing != null) {
        closing.close();
      }
    } finally {
      resources.close();
    }
  }
}
