package io.muxio.netty;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a connection has carried nothing for too long. Looks four times in that time whether
 * anything went on, so that a message costs no more than to set a flag. Used on the connection's
 * event loop only.
 */
final class IdleTimer {
  private static final int LOOKS = 4;

  private final BooleanSupplier busy;
  private final Runnable onIdle;
  private final long timeoutNanos;
  private final @Nullable Future<?> looks;
  private boolean used;
  private long idleSinceNanos = System.nanoTime();

  /**
   * Starts to look.
   *
   * @param loop the connection's event loop
   * @param timeout how long it may carry nothing; zero for ever
   * @param busy whether a call is running
   * @param onIdle called once
   */
  IdleTimer(EventLoop loop, Duration timeout, BooleanSupplier busy, Runnable onIdle) {
    this.busy = busy;
    this.onIdle = onIdle;
    this.timeoutNanos = timeout.toNanos();
    long pause = Math.max(timeoutNanos / LOOKS, TimeUnit.MILLISECONDS.toNanos(1));
    this.looks =
        timeout.isZero()
            ? null
            : loop.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.NANOSECONDS);
  }

  /** A message went over the connection. */
  void onMessage() {
    used = true;
  }

  void stop() {
    if (looks != null) {
      looks.cancel(false);
    }
  }

  private void look() {
    long now = System.nanoTime();
    if (used || busy.getAsBoolean()) {
      used = false;
      idleSinceNanos = now;
    } else if (now - idleSinceNanos >= timeoutNanos) {
      stop();
      onIdle.run();
    }
  }
}
