package io.muxio.netty.server;

import io.muxio.netty.Transport;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads of one server: those of its own are made late and ended with it. */
final class ServerResources {
  private static final int EXECUTOR_WAIT_SECONDS = 5;

  private final @Nullable EventLoopGroup usersGroup;
  private final @Nullable ExecutorService ownExecutor;
  private @Nullable EventLoopGroup ownGroup;

  private ServerResources(
      @Nullable EventLoopGroup usersGroup, @Nullable ExecutorService ownExecutor) {
    this.usersGroup = usersGroup;
    this.ownExecutor = ownExecutor;
  }

  static ServerResources of(
      @Nullable EventLoopGroup usersGroup, @Nullable ExecutorService ownExecutor) {
    return new ServerResources(usersGroup, ownExecutor);
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

  /** Ends the own threads; handlers that still run are interrupted. */
  void close() {
    if (ownExecutor != null) {
      ownExecutor.shutdownNow();
    }
    if (ownGroup != null) {
      ownGroup
          .shutdownGracefully(0, EXECUTOR_WAIT_SECONDS, TimeUnit.SECONDS)
          .awaitUninterruptibly();
    }
    if (ownExecutor != null) {
      awaitExecutor(ownExecutor);
    }
  }

  private static void awaitExecutor(ExecutorService executor) {
    try {
      executor.awaitTermination(EXECUTOR_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
