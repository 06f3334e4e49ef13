package io.muxio.rpc.endpoint;

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

  CallGate(int maxCalls) {
    this.maxCalls = maxCalls;
  }

  /** Calls that have a place. */
  int calls() {
    return calls.get();
  }

  private @Nullable Refusal enter() {
    return enter(calls, maxCalls) > 0
        ? null
        : refuse("more than " + maxCalls + " calls at once on all connections together (maxCalls)");
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

  private Refusal refuse(String text) {
    if (warned.compareAndSet(false, true)) {
      logger.warn("call refused: {} (more of them are logged at debug)", text);
    } else {
      logger.debug("call refused: {}", text);
    }
    return Refusal.of(text + ", try again later");
  }

  /** What one call has of the gate. Not thread-safe. */
  static final class Place {
    private final CallGate gate;
    private boolean taken;

    Place(CallGate gate) {
      this.gate = gate;
    }

    /** Takes the place; returns why not where there is none. */
    @Nullable Refusal take() {
      Refusal refusal = gate.enter();
      taken = refusal == null;
      return refusal;
    }

    /** Gives it to the next call; nothing where it was given up before, or never taken. */
    void giveUp() {
      if (taken) {
        taken = false;
        gate.calls.decrementAndGet();
      }
    }
  }
}
