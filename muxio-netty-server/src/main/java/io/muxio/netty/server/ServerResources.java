package io.muxio.netty.server;

import io.muxio.netty.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads of one server: those of its own are made late and ended with it. */
final class ServerResources {
  private static final int WAIT_SECONDS = 5;

  private final @Nullable EventLoopGroup usersGroup;
  private final @Nullable ExecutorService ownExecutor;
  private final ExecutorService callbacks;
  private @Nullable EventLoopGroup ownGroup;

  ServerResources(
      @Nullable EventLoopGroup usersGroup,
      @Nullable ExecutorService ownExecutor,
      ExecutorService callbacks) {
    this.usersGroup = usersGroup;
    this.ownExecutor = ownExecutor;
    this.callbacks = callbacks;
  }

  EventLoopGroup group() {
    if (usersGroup != null) {
      return usersGroup;
    }
    if (ownGroup == null) {
      ownGroup = Transport.best().newGroup(0, "muxio-server", false);
    }
    return ownGroup;
  }

  /** Whether the calling thread is one of the event loops, which to wait for would be for ever. */
  boolean isOnLoop() {
    EventLoopGroup group = usersGroup == null ? ownGroup : usersGroup;
    if (group != null) {
      for (EventExecutor loop : group) {
        if (loop.inEventLoop()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Ends the own threads; handlers that still run are interrupted. */
  void close() {
    if (ownExecutor != null) {
      // The calls that waited for a thread are cancelled by now; running them releases what they
      // hold.
      ownExecutor.shutdownNow().forEach(Runnable::run);
    }
    if (ownGroup != null) {
      ownGroup
          .shutdownGracefully(0, WAIT_SECONDS, TimeUnit.SECONDS)
          .awaitUninterruptibly(WAIT_SECONDS + 1, TimeUnit.SECONDS);
    }
    if (ownExecutor != null) {
      awaitExecutor(ownExecutor);
    }
    callbacks.shutdown();
    awaitExecutor(callbacks);
  }

  private static void awaitExecutor(ExecutorService executor) {
    try {
      executor.awaitTermination(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
