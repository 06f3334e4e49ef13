package io.muxio.core.rpc;

import io.muxio.core.frame.CoreLimits;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What the peer lets this end send ahead of its readers: on each stream of chunks, and on all of
 * them together. Used on the connection's thread only.
 *
 * <p>A stream's reserve is its own and counts for no other, and so does a single frame whatever its
 * size. So streams whose readers are slow never stop the others, and no cycle of calls that wait
 * for each other can wait for a window.
 */
final class SendWindows {
  /** Four chunks of the largest size: what keeps a stream going while credit is on its way. */
  private static final long LEAST_FLIGHT =
      4L * StreamWindow.costOf(SessionConfig.DEFAULT_CHUNK_SIZE);

  private final LongSupplier nanoClock;

  /** Until the peer's settings have come a stream has one frame on its way. */
  private boolean settled;

  private long streamWindow;
  private long connectionWindow;
  private long reserve = CoreLimits.STREAM_RESERVE;

  /** What all streams have sent ahead beyond their reserves. */
  private long shared;

  /** Those that wait for more than their own credit, the longest first. */
  private final Set<SendWindow> waiting = new LinkedHashSet<>();

  /** While streams are told that they may send more. */
  private boolean waking;

  /** What is left for those that are still to be woken. */
  private long room;

  /**
   * Makes the windows of a connection whose peer's settings have not come.
   *
   * @param nanoClock as {@link System#nanoTime()}
   */
  SendWindows(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  FlightLimit newFlight() {
    return new FlightLimit(nanoClock);
  }

  /** The peer may hold credit back up to a stream's reserve, so that much may always go. */
  long leastFlight() {
    return Math.max(LEAST_FLIGHT, reserve);
  }

  /** The peer's settings have come. */
  void settle(long streamWindow, long connectionWindow, long reserve) {
    this.settled = true;
    this.streamWindow = streamWindow;
    this.connectionWindow = connectionWindow;
    this.reserve = reserve;
    List<SendWindow> early = List.copyOf(waiting);
    waiting.clear(); // those that have to wait for the others begin anew
    waking = true;
    early.forEach(SendWindow::wake);
    wake();
  }

  /** Whether a stream that has so much ahead may send more. */
  boolean allows(long ahead, int cost) {
    return ahead == 0 || (isWithinStream(ahead, cost) && isWithinConnection(ahead, cost));
  }

  private boolean isWithinStream(long ahead, int cost) {
    return settled && ahead + cost <= streamWindow;
  }

  private boolean isWithinConnection(long ahead, int cost) {
    long more = sharedCost(ahead, cost);
    return more == 0 || shared + more <= connectionWindow;
  }

  /** How much of the connection's window a chunk takes. */
  private long sharedCost(long ahead, int cost) {
    return beyond(ahead + cost) - beyond(ahead);
  }

  /**
   * A stream that may not send waits until it is woken, unless its own credit alone will let it.
   *
   * @return whether it will be woken
   */
  boolean await(SendWindow stream, long ahead, int cost) {
    boolean awaits = !settled || isWithinStream(ahead, cost);
    if (awaits) {
      waiting.add(stream);
    }
    return awaits;
  }

  void forget(SendWindow stream) {
    waiting.remove(stream);
  }

  /** A stream has so much less beyond its reserve; negative where it has more. */
  void onFreed(long freed) {
    shared -= freed;
    if (freed > 0 && waking) {
      room += freed;
    } else if (freed > 0) {
      wake();
    }
  }

  /**
   * Wakes as many as can each send what they wait to send. One that is woken may end and make room
   * for the next, which is left to this loop: there may be thousands of them.
   */
  private void wake() {
    waking = true;
    room = connectionWindow - shared;
    try {
      while (!waiting.isEmpty()) {
        SendWindow next = waiting.iterator().next();
        long cost = sharedCost(next.ahead(), next.awaitedCost());
        if (cost > Math.min(room, connectionWindow - shared)) {
          return;
        }
        room -= cost;
        waiting.remove(next);
        next.wake();
      }
    } finally {
      waking = false;
    }
  }

  /** What of a stream counts for all. */
  long beyond(long ahead) {
    return Math.max(0, ahead - reserve);
  }
}
