package io.muxio.core.rpc;

/**
 * What of one outgoing stream of chunks the peer's reader has not taken, as far as this end was
 * told. Used on the connection's thread only.
 */
final class SendWindow {
  private final SendWindows all;
  private final Runnable onCredit;
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
  }

  /**
   * Whether a chunk may be sent now; else the stream is told when it may.
   *
   * @param cost see {@link StreamWindow#costOf}
   */
  boolean allows(int cost) {
    if (all.allows(ahead, cost)) {
      if (waiting) {
        waiting = false;
        all.forget(this);
      }
      return true;
    }
    awaitedCost = cost;
    if (!waiting) {
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

  void onSent(int cost) {
    move(ahead + cost);
  }

  /** The peer's reader has taken so much; a peer that says too much is not held to it. */
  void onCredit(long cost) {
    if (!closed) {
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
