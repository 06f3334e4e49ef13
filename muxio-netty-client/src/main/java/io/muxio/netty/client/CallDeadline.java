package io.muxio.netty.client;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of one call, which counts from the moment of the call. Watched only while the call
 * waits for a connection; once it is sent, the connection's caller does. On the client's event loop
 * only, but for its beginning.
 */
final class CallDeadline {
  private final @Nullable Duration deadline;
  private final EventLoop loop;
  private final Runnable onExpired;
  private final long startNanos = System.nanoTime();
  private @Nullable Future<?> timer;

  /**
   * Begins to count.
   *
   * @param deadline null for none
   * @param loop the client's event loop
   * @param onExpired called on the event loop, once at most for each {@link #watch}
   */
  CallDeadline(@Nullable Duration deadline, EventLoop loop, Runnable onExpired) {
    this.deadline = deadline;
    this.loop = loop;
    this.onExpired = onExpired;
  }

  /** How long it has been running. */
  Duration waited() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Never where there is no deadline. */
  boolean hasPassed() {
    return deadline != null && waited().compareTo(deadline) >= 0;
  }

  void watch() {
    if (deadline != null) {
      try {
        long left = deadline.minus(waited()).toNanos();
        timer = loop.schedule(onExpired, left, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // The event loop terminates, and the client with it refuses all calls.
      }
    }
  }

  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
