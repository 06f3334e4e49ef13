package io.muxio.rpc.endpoint;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares how long calls take with how long they take without load, window by window. Each call
 * adds itself to the window; the one that comes when the window is over closes it, and no other
 * waits for that. What a call adds just then may count in this window or the next.
 */
final class AdaptiveLimit implements ConcurrencyLimit {
  private static final Logger logger = LoggerFactory.getLogger(ConcurrencyLimit.class);

  /** A window is as long at least, and twice as long as its calls take, but not for ever. */
  private static final long MIN_WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long MAX_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Fewer calls have no average that means anything. */
  private static final int MIN_CALLS = 20;

  /** How much longer calls may take under load. */
  private static final double TOLERANCE = 1.5;

  /** What a window takes from the limit at most, however slow its calls were. */
  private static final double STEEPEST = 0.5;

  /** What is left where calls were refused behind the limit. */
  private static final double BACKOFF = 0.9;

  /** Windows of slow calls until the limit is halved to look how long they take without load. */
  private static final int SLOW_WINDOWS = 120;

  private enum Phase {
    /** The limit follows the calls. */
    FOLLOWING,
    /** The limit was halved, and what ends now may have begun before; from FOLLOWING. */
    DRAINING,
    /** The limit is halved, and all that ends tells what calls take so; from DRAINING. */
    PROBING
  }

  private final int min;
  private final int max;
  private volatile int limit;

  private final LongAdder calls = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAccumulator mostAtOnce = new LongAccumulator(Math::max, 0);
  private volatile boolean refused;
  private volatile boolean begun;
  private volatile long windowEnd;

  /** What a call took in the last window on average; 0 before the first. */
  private volatile double average;

  /** What a call takes without load; 0 before it was measured. */
  private volatile double unloaded;

  // Of who closes a window.
  private final AtomicBoolean closing = new AtomicBoolean();
  private Phase phase = Phase.FOLLOWING;
  private double estimate;
  private int slowWindows;

  AdaptiveLimit(int min, int max) {
    if (min < 1) {
      throw new IllegalArgumentException("min: " + min + " (expected: 1 or more)");
    }
    if (max < min) {
      throw new IllegalArgumentException("max: " + max + " (expected: min or more, " + min + ")");
    }
    this.min = min;
    this.max = max;
    this.limit = min;
    this.estimate = min;
  }

  @Override
  public int maxCalls() {
    return limit;
  }

  @Override
  public @Nullable Duration retryAfter() {
    return average == 0 ? null : Duration.ofNanos(Math.max(1, (long) average));
  }

  @Override
  public void onCall(Outcome outcome, long startNanos, long endNanos, int callsAtOnce) {
    long taken = endNanos - startNanos;
    switch (outcome) {
      case ANSWERED -> add(taken);
      case GIVEN_UP -> {
        if (taken > unloaded) {
          add(taken); // it would have taken longer still
        }
      }
      case REFUSED -> refused = true;
      case FAILED -> {}
    }
    mostAtOnce.accumulate(callsAtOnce);
    if (isOver(endNanos) && closing.compareAndSet(false, true)) {
      try {
        if (isOver(endNanos)) {
          closeWindow(endNanos);
        }
      } finally {
        closing.set(false);
      }
    }
  }

  private void add(long taken) {
    calls.increment();
    nanos.add(Math.max(1, taken));
  }

  private boolean isOver(long now) {
    return !begun || now - windowEnd >= 0;
  }

  private void closeWindow(long now) {
    if (!begun) {
      begun = true;
      windowEnd = now + MIN_WINDOW_NANOS;
      return;
    }
    if (calls.sum() < MIN_CALLS && !refused) {
      return; // goes on until there are enough
    }
    long count = calls.sumThenReset();
    long total = nanos.sumThenReset();
    long most = mostAtOnce.getThenReset();
    boolean wasRefused = refused;
    refused = false;
    if (count >= MIN_CALLS) {
      average = (double) total / count;
      follow(most);
    }
    if (wasRefused && phase == Phase.FOLLOWING) {
      set(estimate * BACKOFF);
    }
    windowEnd = now + Math.min(MAX_WINDOW_NANOS, Math.max(MIN_WINDOW_NANOS, (long) (2 * average)));
  }

  private void follow(long most) {
    switch (phase) {
      case FOLLOWING -> {
        boolean atRest = most <= limit / 2;
        unloaded = measure(unloaded, average, atRest);
        if (atRest) {
          slowWindows = 0;
        } else {
          adapt();
        }
      }
      case DRAINING -> phase = Phase.PROBING;
      case PROBING -> {
        phase = Phase.FOLLOWING;
        unloaded = average;
        set(estimate);
      }
    }
  }

  /** Fast down and slow up: a moment of short calls passes, and load must not look like rest. */
  private static double measure(double before, double now, boolean atRest) {
    if (before == 0) {
      return now;
    }
    if (now < before) {
      return (before + now) / 2;
    }
    return atRest ? before + (now - before) / 10 : before;
  }

  private void adapt() {
    double gradient = Math.max(STEEPEST, Math.min(1, TOLERANCE * unloaded / average));
    double room = Math.sqrt(estimate); // for bursts, and to find out whether more will do
    double target = estimate * gradient + room;
    slowWindows = gradient < 1 ? slowWindows + 1 : Math.max(0, slowWindows - 1);
    set((estimate + target) / 2);
    if (slowWindows >= SLOW_WINDOWS) {
      slowWindows = 0;
      phase = Phase.DRAINING;
      limit = Math.max(min, limit / 2);
    }
  }

  private void set(double next) {
    estimate = Math.max(min, Math.min(max, next));
    int before = limit;
    limit = (int) estimate;
    if (limit != before) {
      logger.debug(
          "limit {}, was {}: calls take {} ns, {} ns without load",
          limit,
          before,
          (long) average,
          (long) unloaded);
    }
  }

  /** The limit and its bounds, and what calls take. */
  @Override
  public String toString() {
    return "adaptive limit "
        + limit
        + " ("
        + min
        + " to "
        + max
        + "), calls take "
        + Duration.ofNanos((long) average)
        + ", without load "
        + Duration.ofNanos((long) unloaded);
  }
}
