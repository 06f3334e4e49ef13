package io.muxio.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one server or client: its own event loops are made late, and all that are its own
 * are ended with it. {@link #group()} and {@link #close()} are not thread-safe.
 */
public final class HostThreads {
  private static final int WAIT_SECONDS = 5;

  private final @Nullable EventLoopGroup usersGroup;
  private final Supplier<EventLoopGroup> newGroup;
  private final @Nullable ExecutorService ownHandlers;
  private final Executor handlers;
  private final ExecutorService callbacks = HandlerExecutors.create("muxio-callback");
  private volatile @Nullable EventLoopGroup ownGroup;

  /**
   * Makes the executors, whose threads start when they are needed.
   *
   * @param usersGroup the user's event loops, or null for own ones
   * @param usersHandlers where the user wants handlers to run, or null for an own executor
   * @param newGroup makes the own event loops
   */
  HostThreads(
      @Nullable EventLoopGroup usersGroup,
      @Nullable Executor usersHandlers,
      Supplier<EventLoopGroup> newGroup) {
    this.usersGroup = usersGroup;
    this.newGroup = newGroup;
    if (usersHandlers == null) {
      ownHandlers = HandlerExecutors.create("muxio-handler");
      handlers = ownHandlers;
    } else {
      ownHandlers = null;
      handlers = usersHandlers;
    }
  }

  /**
   * Where handlers run.
   *
   * @return the user's executor, or an own one
   */
  public Executor handlers() {
    return handlers;
  }

  /**
   * Where futures are completed and listeners told.
   *
   * @return an own executor
   */
  public Executor callbacks() {
    return callbacks;
  }

  /**
   * The event loops.
   *
   * @return the user's, or own ones, which the first call makes
   */
  public EventLoopGroup group() {
    if (usersGroup != null) {
      return usersGroup;
    }
    EventLoopGroup group = ownGroup;
    if (group == null) {
      group = newGroup.get();
      ownGroup = group;
    }
    return group;
  }

  /**
   * Whether the calling thread is one of the event loops, which to wait for would be for ever.
   *
   * @return true on one of them
   */
  public boolean isOnLoop() {
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
  public void close() {
    if (ownHandlers != null) {
      // The calls that waited for a thread are cancelled by now; running them releases what they
      // hold.
      ownHandlers.shutdownNow().forEach(Runnable::run);
    }
    EventLoopGroup group = ownGroup;
    if (group != null) {
      group
          .shutdownGracefully(0, WAIT_SECONDS, TimeUnit.SECONDS)
          .awaitUninterruptibly(WAIT_SECONDS + 1, TimeUnit.SECONDS);
    }
    if (ownHandlers != null) {
      awaitExecutor(ownHandlers);
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
