package io.muxio.rpc.service;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many calls may be made again, so that retries do not multiply an outage: a share of the calls
 * that are made, and a few a second for those who make few. Shared by all callers of the same peer;
 * safe to use from any thread.
 */
public final class RetryBudget {
  private static final int RETRY = 100;
  private static final int SECONDS_AT_START = 10;
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int percent;
  private final int perSecond;
  private final long capacity;
  private final LongSupplier nanoTime;

  /** In hundredths of a retry. */
  private long saved;

  private long savedUntilNanos;

  /**
   * Makes a budget that has ten seconds' worth of {@code perSecond} to begin with.
   *
   * @param percent of the calls that may be made again, 0 to 1,000
   * @param perSecond retries for each second on top of that, 0 to 1,000,000
   * @param max retries that can be saved up, 1 to 1,000,000
   * @throws IllegalArgumentException where one of them is out of its range
   */
  public RetryBudget(int percent, int perSecond, int max) {
    this(percent, perSecond, max, System::nanoTime);
  }

  RetryBudget(int percent, int perSecond, int max, LongSupplier nanoTime) {
    this.percent = within(0, percent, 1_000, "percent");
    this.perSecond = within(0, perSecond, 1_000_000, "perSecond");
    this.capacity = (long) RETRY * within(1, max, 1_000_000, "max");
    this.nanoTime = nanoTime;
    this.saved = Math.min(capacity, (long) RETRY * SECONDS_AT_START * perSecond);
    this.savedUntilNanos = nanoTime.getAsLong();
  }

  private static int within(int min, int value, int max, String name) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
    return value;
  }

  /**
   * The budget that retries have of their own: 10 percent, 1 a second, 100 at most.
   *
   * @return a new budget
   */
  public static RetryBudget standard() {
    return new RetryBudget(10, 1, 100);
  }

  /** A call is made for the first time. */
  synchronized void onCall() {
    saved = Math.min(capacity, saved + percent);
  }

  /** Takes a retry, where there is one. */
  synchronized boolean take() {
    saveForTime();
    if (saved < RETRY) {
      return false;
    }
    saved -= RETRY;
    return true;
  }

  /**
   * How many calls may be made again at this moment.
   *
   * @return 0 or more
   */
  public synchronized int available() {
    saveForTime();
    return (int) (saved / RETRY);
  }

  private void saveForTime() {
    long now = nanoTime.getAsLong();
    long seconds = (now - savedUntilNanos) / NANOS_PER_SECOND;
    savedUntilNanos += seconds * NANOS_PER_SECOND;
    saved = Math.min(capacity, saved + seconds * perSecond * RETRY);
  }
}
