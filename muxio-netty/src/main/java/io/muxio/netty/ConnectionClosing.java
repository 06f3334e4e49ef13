package io.muxio.netty;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends connections in the order that harms least, and waits for it, but not for ever. */
public final class ConnectionClosing {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Collection<ConnectionHandler> all;
  private final WebSocketCloseStatus status;
  private final String reason;

  /**
   * Makes what ends the connections.
   *
   * @param all the connections; looked at again whenever some are waited for
   * @param status the WebSocket close code that their peers get
   * @param reason the text that goes with it
   */
  public ConnectionClosing(
      Collection<ConnectionHandler> all, WebSocketCloseStatus status, String reason) {
    this.all = all;
    this.status = status;
    this.reason = reason;
  }

  /**
   * Lets the calls that are running finish, says goodbye to every peer, and returns when the
   * connections have ended; blocks, so not on an event loop.
   *
   * @param drainTimeout how long to wait for calls that are running
   * @param closeTimeout how long peers may take to answer a WebSocket close
   */
  public void close(Duration drainTimeout, Duration closeTimeout) {
    all.forEach(connection -> connection.drainLater(status, reason));
    all.forEach(ConnectionClosing::closeIfEmbedded);
    if (allGoneWithin(drainTimeout)) {
      return;
    }
    all.forEach(connection -> connection.closeLater(status, reason));
    if (!allGoneWithin(closeTimeout.plus(GRACE))) {
      all.forEach(connection -> connection.channel().close());
      allGoneWithin(GRACE);
    }
  }

  /** Nobody would run its tasks while this thread waits for them. */
  private static void closeIfEmbedded(ConnectionHandler connection) {
    if (connection.channel() instanceof EmbeddedChannel embedded) {
      embedded.runPendingTasks();
      embedded.close();
    }
  }

  private boolean allGoneWithin(Duration time) {
    CompletableFuture<?> gone =
        CompletableFuture.allOf(
            all.stream()
                .map(connection -> connection.disconnected().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    long end = System.nanoTime() + time.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          gone.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
          return true;
        } catch (InterruptedException e) {
          interrupted = true; // closing half would leave sockets and threads behind
        } catch (TimeoutException e) {
          return false;
        } catch (ExecutionException e) {
          throw new IllegalStateException("the end of a connection failed", e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
