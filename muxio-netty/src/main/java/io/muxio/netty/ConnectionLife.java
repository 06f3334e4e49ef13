package io.muxio.netty;

import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcConnection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one connection is in its life, and the listeners that are told of it. Changed on the
 * connection's event loop only; read from anywhere.
 */
final class ConnectionLife {
  private static final Logger logger = LoggerFactory.getLogger(ConnectionHandler.class);

  private final RpcConnection connection;
  private final List<ConnectionListener> listeners;
  private final Executor events;
  private volatile ConnectionState state = ConnectionState.CONNECTING;

  /** Why it ends is known, so that what follows from it is no error. */
  private boolean explained;

  ConnectionLife(RpcConnection connection, ConnectionConfig config) {
    this.connection = connection;
    this.listeners = config.listeners();
    this.events = new SerialExecutor(config.callbackExecutor());
  }

  ConnectionState state() {
    return state;
  }

  void begin() {
    tell(listener -> listener.onConnecting(connection));
  }

  void connected() {
    moveTo(ConnectionState.CONNECTED);
    logger.debug("{}: connected", connection);
    tell(listener -> listener.onConnected(connection));
  }

  /** It ends, and neither side said so. */
  void failed(Throwable cause) {
    if (!explained) {
      explained = true;
      logger.debug("{}: ends, {}", connection, cause.toString());
      tell(listener -> listener.onError(connection, cause));
    }
  }

  /** It ends because one side said so. */
  void endExpected() {
    explained = true;
  }

  void disconnecting() {
    moveTo(ConnectionState.DISCONNECTING);
    tell(listener -> listener.onDisconnecting(connection));
  }

  void disconnected() {
    moveTo(ConnectionState.DISCONNECTED);
    logger.debug("{}: disconnected", connection);
    tell(listener -> listener.onDisconnected(connection));
  }

  @Override
  public String toString() {
    return connection.toString();
  }

  private void moveTo(ConnectionState next) {
    boolean allowed =
        switch (next) {
          case CONNECTING -> false;
          case CONNECTED -> state == ConnectionState.CONNECTING;
          case DISCONNECTING -> state == ConnectionState.CONNECTED;
          case DISCONNECTED ->
              state == ConnectionState.CONNECTING || state == ConnectionState.DISCONNECTING;
        };
    if (!allowed) {
      throw new IllegalStateException(connection + ": from " + state + " to " + next);
    }
    state = next;
  }

  private void tell(Consumer<ConnectionListener> event) {
    if (!listeners.isEmpty()) {
      events.execute(() -> listeners.forEach(listener -> guarded(listener, event)));
    }
  }

  private void guarded(ConnectionListener listener, Consumer<ConnectionListener> event) {
    try {
      event.accept(listener);
    } catch (Throwable e) {
      logger.error("{}: a connection listener failed", connection, e);
    }
  }
}
