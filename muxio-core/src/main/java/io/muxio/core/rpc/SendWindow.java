package io.muxio.core.rpc;

/**
 * What of one outgoing stream of chunks the peer's reader has not taken, as far as this end was
 * told. Used on the connection's thread only.
 */
final class SendWindow {
  private final SendWindows all;
  private final Runnable onCredit;
  private final FlightLimit flight;
  private long ahead;

  /** What it has of the window that all share. */
  private long counted;

  private int awaitedCost;
  private boolean waiting;
  private boolean closed;

  /**
   * Makes the window of a stream of which nothing was sent.
   *
   * @param all of the connection
   * @param onCredit told when more may be sent than before
   */
  SendWindow(SendWindows all, Runnable onCredit) {
    this.all = all;
    this.onCredit = onCredit;
    this.flight = all.newFlight();
  }

  /**
   * Whether a chunk may be sent now; else the stream is told when it may.
   *
   * @param cost see {@link StreamWindow#costOf}
   */
  boolean allows(int cost) {
    if (all.allows(ahead, cost) && isWorth(cost)) {
      if (waiting) {
        waiting = false;
        all.forget(this);
      }
      return true;
    }
    awaitedCost = cost;
    if (!waiting && isWorth(cost)) { // else its own credit wakes it
      waiting = all.await(this, ahead, cost);
    }
    return false;
  }

  long ahead() {
    return ahead;
  }

  /** What it waits to send. */
  int awaitedCost() {
    return awaitedCost;
  }

  /** Whether the chunk would arrive any sooner than if it waited here. */
  private boolean isWorth(int cost) {
    return ahead == 0 || ahead + cost <= Math.max(all.leastFlight(), flight.limit());
  }

  void onSent(int cost) {
    flight.onSent(cost);
    move(ahead + cost);
  }

  /** The peer's reader has taken so much; a peer that says too much is not held to it. */
  void onCredit(long cost) {
    if (!closed) {
      flight.onCredit(Math.min(ahead, cost));
      move(Math.max(0, ahead - cost));
      onCredit.run();
    }
  }

  /** It waits no longer for the others. */
  void wake() {
    waiting = false;
    onCredit.run();
  }

  /** Nothing more is sent. */
  void close() {
    if (!closed) {
      closed = true;
      all.forget(this);
      move(0);
    }
  }

  private void move(long next) {
    ahead = next;
    long before = counted;
    counted = all.beyond(next); // the reserve may have been another when it was counted before
    all.onFreed(before - counted);
  }
}
