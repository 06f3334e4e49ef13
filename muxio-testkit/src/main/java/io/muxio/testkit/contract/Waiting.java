package io.muxio.testkit.contract;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for states that nobody tells of. */
final class Waiting {
  /** How long anything may take, on a machine that is busy. */
  static final int SECONDS = 30;

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private Waiting() {}

  /** Looks until it holds, or fails with what was seen last. */
  static void until(String expected, Supplier<Boolean> holds, Supplier<Object> seen) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!holds.get()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            "after " + SECONDS + " s: " + seen.get() + " (expected: " + expected + ")");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
