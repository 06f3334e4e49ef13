package io.muxio.core.rpc;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Counts the chunks of one inbound stream from their arrival until their reader has taken them.
 * Used on the connection's thread only.
 */
public final class StreamWindow {
  private enum State {
    /** The reader keeps up. */
    FLOWING,
    /** More waits than the mark allows: the connection is congested because of it. */
    SLOW,
    /** As {@link #SLOW}, but nothing was taken for a while: it congests nothing any more. */
    STALLED,
    /** Nothing is counted any more. Final. */
    CLOSED
  }

  /**
   * The bytes that a chunk is charged beside its own, for the objects that hold it: without them a
   * stream of tiny chunks would hold many times what it is charged.
   */
  public static final int CHUNK_OVERHEAD = 128;

  private final InboundCongestion congestion;
  private @Nullable StreamCredit credit;
  private State state = State.FLOWING;
  private long waiting;

  /** How many rounds in a row nothing was taken. */
  private int idleRounds;

  StreamWindow(InboundCongestion congestion) {
    this.congestion = congestion;
  }

  /** Lets the stream's sender know what was taken: it then never slows down the connection. */
  void tell(StreamCredit credit) {
    this.credit = credit;
  }

  /**
   * What a chunk is charged.
   *
   * @param bytes its length
   * @return the bytes to pass to {@link #onArrived} and {@link #onTaken}
   */
  public static int costOf(int bytes) {
    return bytes + CHUNK_OVERHEAD;
  }

  /**
   * Counts a chunk that has come.
   *
   * @param cost see {@link #costOf}
   * @throws ProtocolException (stream scope) where more would wait than {@link
   *     CoreLimits#maxStreamBufferedBytes()} or {@link CoreLimits#maxBufferedBytes()}; nothing is
   *     counted then
   */
  public void onArrived(int cost) {
    if (state == State.CLOSED) {
      credit(cost); // it is dropped, which must not hold up its sender
      return;
    }
    if (cost > congestion.streamLimit - waiting) {
      throw ProtocolException.stream(
          ProtocolException.Reason.READER_TOO_SLOW,
          "the stream's reader is too slow: "
              + waiting
              + " + "
              + cost
              + " bytes wait for it, limit "
              + congestion.streamLimit
              + " (maxStreamBufferedBytes)");
    }
    congestion.add(cost);
    waiting += cost;
    if (waiting > congestion.streamMark && state == State.FLOWING && credit == null) {
      slow();
    }
  }

  /**
   * Counts what the reader has taken.
   *
   * @param cost the sum of the chunks' costs
   */
  public void onTaken(long cost) {
    if (state == State.CLOSED || cost == 0) {
      return;
    }
    assert cost <= waiting : cost + " bytes taken of " + waiting;
    waiting -= cost;
    idleRounds = 0;
    congestion.remove(cost);
    credit(cost);
    if (waiting <= congestion.streamMark) {
      flow();
    } else if (state == State.STALLED) {
      slow(); // it moves again
    }
  }

  /** Ends the count; what still waits is the owner's to release. */
  public void close() {
    if (state != State.CLOSED) {
      flow();
      state = State.CLOSED;
      if (waiting > 0) { // else it may be closed on a thread that is not the connection's
        congestion.remove(waiting);
        credit(waiting);
      }
      waiting = 0;
    }
  }

  /**
   * From which cost on a reader should tell what it has taken, without waiting for more.
   *
   * @return 1 or more
   */
  public int reportFrom() {
    return Math.max(1, congestion.streamMark / 2);
  }

  /** A round has passed. */
  void releaseIfStalled() {
    idleRounds++;
    if (idleRounds >= RpcSession.STALL_ROUNDS) {
      congestion.unmarkSlow(this);
      state = State.STALLED;
    }
  }

  private void credit(long cost) {
    if (credit != null) {
      credit.onTaken(cost);
    }
  }

  private void slow() {
    state = State.SLOW;
    idleRounds = 0; // it gets its time, however long nothing was there to take
    congestion.markSlow(this);
  }

  private void flow() {
    if (state == State.SLOW) {
      congestion.unmarkSlow(this);
    }
    state = State.FLOWING;
  }
}
