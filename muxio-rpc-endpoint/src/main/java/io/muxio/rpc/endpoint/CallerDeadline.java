package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.InboundCall;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When the caller of one call gives it up, as it has said. Then the call is cancelled here too, and
 * not answered. Used on the connection's thread only, but for the time that is left.
 */
final class CallerDeadline {
  /** A call that is over when its caller waits no more. */
  interface Expiring {
    /** Nobody waits for the answer, and none can be sent any more. */
    void onDeadline();
  }

  static final long NEVER = Long.MAX_VALUE;

  private final InboundCall call;
  private final Expiring expiring;
  private final long dueNanos;
  private final Future<?> timer;

  private CallerDeadline(InboundCall call, Expiring expiring, EndpointHost host, long leftNanos) {
    this.call = call;
    this.expiring = expiring;
    this.dueNanos = System.nanoTime() + leftNanos;
    Runnable due = () -> host.thread().execute(this::expire); // what it voids is sent
    this.timer = host.timer().schedule(due, leftNanos, TimeUnit.NANOSECONDS);
  }

  /** Begins to watch the deadline of a call; null where it has none. */
  static @Nullable CallerDeadline of(InboundCall call, Expiring expiring, EndpointHost host) {
    long leftNanos = call.timeLeftNanos();
    return leftNanos == NEVER ? null : new CallerDeadline(call, expiring, host, leftNanos);
  }

  private void expire() {
    if (call.isOpen()) {
      call.finish();
      expiring.onDeadline();
    }
  }

  /** The call is over. */
  void stop() {
    timer.cancel(false);
  }

  /** On any thread; negative where it has passed. */
  static long leftNanos(@Nullable CallerDeadline deadline) {
    return deadline == null ? NEVER : deadline.dueNanos - System.nanoTime();
  }

  /** The time of a call whose least is given, as its handler sees it. */
  static @Nullable Duration timeLeft(long leftNanos) {
    return leftNanos == NEVER ? null : Duration.ofNanos(Math.max(0, leftNanos));
  }
}
