package io.muxio.netty.server;

import io.muxio.netty.ConnectionClosing;
import io.muxio.netty.ConnectionHandler;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcConnection;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All connections of a server, however they came in, from their first moment to their end. Safe to
 * use from any thread.
 */
final class ServerConnections {
  private static final WebSocketCloseStatus GOING_AWAY = WebSocketCloseStatus.ENDPOINT_UNAVAILABLE;
  private static final String REASON = "the server closes";

  private final ServerConfig config;
  private final Set<ConnectionHandler> all = ConcurrentHashMap.newKeySet();

  /** How many of them have been let in, or are just being. */
  private final AtomicInteger admitted = new AtomicInteger();

  private volatile boolean closing;

  ServerConnections(ServerConfig config) {
    this.config = config;
  }

  /**
   * Begins a connection, on the event loop of its channel.
   *
   * @return null where the server closes, or has too many sockets already: those that have not
   *     shaken hands are bounded too, as many again as there may be connections
   */
  @Nullable ConnectionHandler begin(Channel channel) {
    if (closing || all.size() >= 2L * config.limits().maxConnections()) {
      return null;
    }
    ConnectionHandler connection = ConnectionHandler.begin(channel, config.connection());
    all.add(connection);
    connection.disconnected().thenRun(() -> all.remove(connection));
    if (closing) {
      connection.closeLater(GOING_AWAY, REASON); // close() may have looked before it was there
    }
    return connection;
  }

  /**
   * Lets a connection in that is about to shake hands, unless it is one too many.
   *
   * @param connection the connection
   * @param asked done when the authenticator has; until then its place is taken, even if the client
   *     has left: who comes and goes could have it asked any number of questions at once
   */
  boolean admit(ConnectionHandler connection, CompletionStage<Void> asked) {
    if (admitted.incrementAndGet() > config.limits().maxConnections()) {
      admitted.decrementAndGet();
      return false;
    }
    connection.disconnected().runAfterBoth(asked, admitted::decrementAndGet);
    return true;
  }

  /** Those that are up. */
  List<RpcConnection> connected() {
    return all.stream()
        .map(ConnectionHandler::connection)
        .filter(connection -> connection.state() == ConnectionState.CONNECTED)
        .toList();
  }

  /** Whether one of them would wait for the thread that calls this. */
  boolean isOnLoop() {
    return all.stream()
        .map(ConnectionHandler::channel)
        .anyMatch(channel -> !isEmbedded(channel) && channel.eventLoop().inEventLoop());
  }

  /** Has no thread of its own: whatever thread there is, it takes for its event loop. */
  private static boolean isEmbedded(Channel channel) {
    return channel instanceof EmbeddedChannel;
  }

  /** From now on no connection begins. */
  void refuse() {
    closing = true;
  }

  /**
   * Lets the calls that are running finish, says goodbye to every client, and waits for them, but
   * not for ever.
   */
  void close() {
    refuse();
    new ConnectionClosing(all, GOING_AWAY, REASON)
        .close(config.limits().drainTimeout(), config.limits().connection().closeTimeout());
  }
}
