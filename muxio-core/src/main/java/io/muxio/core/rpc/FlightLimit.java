package io.muxio.core.rpc;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much of a stream is worth having on its way: what is taken in the shortest time between a
 * chunk and its credit, and as much again. More would not arrive sooner; it would wait in the
 * queues of the network, and small calls behind it. Used on the connection's thread only.
 *
 * <p>It doubles with each round while the time of a round does not grow, so that a long way is
 * filled after a few rounds from the least that may always be on its way.
 */
final class FlightLimit {
  /** Where a path may have become longer, the shortest time is found out again. */
  private static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LongSupplier nanoClock;
  private long limit;
  private long sent;
  private long credited;

  /** The shortest round, and when it began to count. */
  private long shortestNanos = Long.MAX_VALUE;

  private long shortestSince;

  // A round: from a chunk that was sent to its credit.
  private boolean measuring;
  private long roundEnd;
  private long roundCredited;
  private long roundNanos;

  /**
   * Makes the limit of a new stream.
   *
   * @param nanoClock as {@link System#nanoTime()}
   */
  FlightLimit(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** How much is worth having on its way; 0 where nothing is known. */
  long limit() {
    return limit;
  }

  void onSent(int cost) {
    sent += cost;
    if (!measuring) {
      measuring = true;
      roundEnd = sent;
      roundCredited = credited;
      roundNanos = nanoClock.getAsLong();
    }
  }

  void onCredit(long cost) {
    credited += cost;
    if (measuring && credited - roundEnd >= 0) {
      measuring = false;
      long now = nanoClock.getAsLong();
      endRound(now, Math.max(1, now - roundNanos), credited - roundCredited);
    }
  }

  private void endRound(long now, long nanos, long taken) {
    if (nanos < shortestNanos || now - shortestSince > MEMORY_NANOS) {
      shortestNanos = nanos;
      shortestSince = now;
    }
    limit = (long) (2.0 * taken * shortestNanos / nanos);
  }
}
