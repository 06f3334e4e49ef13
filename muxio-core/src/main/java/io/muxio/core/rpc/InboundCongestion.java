package io.muxio.core.rpc;

import io.muxio.core.frame.ByteBudget;
import io.muxio.core.frame.CoreLimits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;

/**
 * Which of a connection's inbound streams have more waiting than their readers keep up with. Used
 * on the connection's thread only.
 *
 * <p>A peer without flow control can only be slowed down by not reading from it, which holds up all
 * its other calls. So only readers that go on taking may slow it down: the others are let out of
 * the count, and their streams fail when they reach their bound.
 */
final class InboundCongestion {
  final ByteBudget budget;
  final int streamLimit;
  final int streamMark;
  private final long totalMark;
  private boolean credited;
  private long total;
  private int idleRounds;
  private boolean totalStalled;
  private final Set<StreamWindow> slow = new HashSet<>();

  InboundCongestion(ByteBudget budget, CoreLimits limits) {
    this.budget = budget;
    this.streamLimit = limits.maxStreamBufferedBytes();
    this.streamMark = limits.streamWindow();
    this.totalMark = limits.connectionWindow();
  }

  /** The peer waits for credit, so that reading never has to stop. */
  void credited() {
    credited = true;
  }

  /**
   * From how much on, taken by a stream's reader, the peer gets credit: late enough to be cheap,
   * and early enough for what was taken and not credited to fit into the stream's reserve along
   * with one more chunk. At once where all streams together have used much of what they share.
   */
  int creditFrom() {
    if (total > totalMark / 2) {
      return 1;
    }
    int chunk = StreamWindow.costOf(SessionConfig.DEFAULT_CHUNK_SIZE);
    int most = Math.min(CoreLimits.STREAM_RESERVE, streamMark) - chunk;
    return Math.max(1, Math.min(most, streamMark / 2));
  }

  boolean isCongested() {
    return !credited && isBehind();
  }

  private boolean isBehind() {
    return !slow.isEmpty() || (total > totalMark && !totalStalled);
  }

  void add(int cost) {
    budget.reserve(cost);
    if (total <= totalMark && total + cost > totalMark) {
      idleRounds = 0; // the readers get their time from here on
    }
    total += cost;
  }

  void remove(long cost) {
    budget.release(cost);
    total -= cost;
    idleRounds = 0;
    if (total <= totalMark) {
      totalStalled = false;
    }
  }

  void markSlow(StreamWindow window) {
    slow.add(window);
  }

  void unmarkSlow(StreamWindow window) {
    slow.remove(window);
  }

  /** A round has passed: lets out of the count whoever has taken nothing for too many. */
  void releaseStalled() {
    new ArrayList<>(slow).forEach(StreamWindow::releaseIfStalled);
    idleRounds++;
    totalStalled |= idleRounds >= RpcSession.STALL_ROUNDS && total > totalMark;
  }
}
