package io.muxio.netty.client;

import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a client is in its life, and the listeners that are told of it. Changed on the client's
 * event loop only; read from anywhere.
 */
final class ClientLife {
  private static final Logger logger = LoggerFactory.getLogger(RpcClient.class);

  private final ServerUri server;
  private final List<ClientStateListener> listeners;
  private final Executor events;
  private volatile ClientState state = ClientState.CONNECTING;

  /**
   * Begins a life, of which the listeners are told.
   *
   * @param config of the client
   * @param events runs what it is given one after the other
   */
  ClientLife(ClientConfig config, Executor events) {
    this.server = config.server();
    this.listeners = config.listeners();
    this.events = events;
    tell(ClientState.CONNECTING, null);
  }

  ClientState state() {
    return state;
  }

  void moveTo(ClientState next, @Nullable Throwable cause) {
    boolean allowed =
        switch (next) {
          case CONNECTING -> state == ClientState.RECONNECTING;
          case CONNECTED -> state == ClientState.CONNECTING;
          case RECONNECTING -> state == ClientState.CONNECTING || state == ClientState.CONNECTED;
          case DISCONNECTING ->
              state == ClientState.CONNECTED
                  || state == ClientState.CONNECTING
                  || state == ClientState.RECONNECTING;
          case DISCONNECTED -> state != ClientState.CONNECTED && state != ClientState.DISCONNECTED;
        };
    if (!allowed) {
      throw new IllegalStateException("client of " + server + ": from " + state + " to " + next);
    }
    logger.debug("{}: {}", server, next);
    state = next;
    tell(next, cause);
  }

  private void tell(ClientState reached, @Nullable Throwable cause) {
    if (!listeners.isEmpty()) {
      events.execute(() -> listeners.forEach(listener -> guarded(listener, reached, cause)));
    }
  }

  private void guarded(
      ClientStateListener listener, ClientState reached, @Nullable Throwable cause) {
    try {
      listener.onState(reached, cause);
    } catch (Throwable e) {
      logger.error("{}: a state listener failed", server, e);
    }
  }
}
