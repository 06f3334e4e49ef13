package io.muxio.rpc.endpoint;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the calls of all connections that an endpoint serves, and lets no more in than there may
 * be at once. Who is let in gets a {@link Place}. Safe to use from any thread.
 */
final class CallGate {
  private static final Logger logger = LoggerFactory.getLogger(RpcEndpoint.class);

  private final int maxCalls;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicBoolean warned = new AtomicBoolean();

  /** Of unary calls; null where there is none. */
  private final @Nullable ConcurrencyLimit limit;

  /** Counted where there is such a limit. */
  private final AtomicInteger unaryCalls = new AtomicInteger();

  CallGate(int maxCalls, @Nullable ConcurrencyLimit limit) {
    this.maxCalls = maxCalls;
    this.limit = limit;
  }

  /** Calls that have a place. */
  int calls() {
    return calls.get();
  }

  private @Nullable Refusal enter() {
    return enter(calls, maxCalls) > 0
        ? null
        : refuse(
            "more than " + maxCalls + " calls at once on all connections together (maxCalls)",
            null);
  }

  /** How many there are with this one; 0 where it would be one too many, and is not counted. */
  private static int enter(AtomicInteger count, int max) {
    // Not counted up and down again: one that is refused would meanwhile have another refused.
    int before = count.get();
    while (before < max) {
      if (count.compareAndSet(before, before + 1)) {
        return before + 1;
      }
      before = count.get();
    }
    return 0;
  }

  private Refusal refuse(String text, @Nullable Duration retryAfter) {
    if (warned.compareAndSet(false, true)) {
      logger.warn("call refused: {} (more of them are logged at debug)", text);
    } else {
      logger.debug("call refused: {}", text);
    }
    return new Refusal(text + ", try again later", retryAfter);
  }

  /** What one call has of the gate. Taking and giving up are the caller's to keep apart. */
  static final class Place {
    private final CallGate gate;
    private boolean taken;
    private boolean unary;

    /** Unary calls when this one began; 0 where the limit is not to be told of it (any more). */
    private int atOnce;

    private long startNanos;

    Place(CallGate gate) {
      this.gate = gate;
    }

    /** Takes the place of a streaming call; returns why not where there is none. */
    @Nullable Refusal take() {
      Refusal refusal = gate.enter();
      taken = refusal == null;
      return refusal;
    }

    /** Takes that of a unary call, which has to pass the limit that goes by how long they take. */
    @Nullable Refusal takeUnary() {
      Refusal refusal = take();
      ConcurrencyLimit limit = gate.limit;
      if (refusal != null || limit == null) {
        return refusal;
      }
      int max = Math.max(1, limit.maxCalls());
      atOnce = enter(gate.unaryCalls, max);
      unary = atOnce > 0;
      if (unary) {
        startNanos = System.nanoTime();
        return null;
      }
      giveUp();
      return gate.refuse(
          "more than " + max + " unary calls at once, as many as are served now (concurrencyLimit)",
          limit.retryAfter());
    }

    /** Tells the limit how the call went, the first time; on the connection's thread. */
    void ended(ConcurrencyLimit.Outcome outcome) {
      int begunWith = atOnce;
      if (begunWith > 0 && gate.limit != null) {
        atOnce = 0;
        gate.limit.onCall(outcome, startNanos, System.nanoTime(), begunWith);
      }
    }

    /** Gives it to the next call; nothing where it was given up before, or never taken. */
    void giveUp() {
      if (taken) {
        taken = false;
        gate.calls.decrementAndGet();
        if (unary) {
          gate.unaryCalls.decrementAndGet();
        }
      }
    }
  }
}
