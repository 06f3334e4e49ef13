package io.muxio.netty;

import io.muxio.core.frame.Turn;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has arrived and is handled in its order, at most a {@link Turn} of it in one pass of the
 * event loop, so that no peer holds up the others of that loop. The owner of all that waits, which
 * is what one read has brought: while something waits nothing is read. Used on the connection's
 * event loop only.
 */
final class Inbox {
  /** Handles what has arrived. */
  interface Reader {
    /**
     * Handles a message, which is lent, or as much of it as the turn allows.
     *
     * @return false where something is left of it
     */
    boolean read(Object message, Turn turn);

    /** From now on something waits, or nothing any more. */
    void onWaiting(boolean waiting);

    /** A pass is over; not called behind the reads of the loop, which have an end of their own. */
    void onPassOver();

    /** A message that had waited could not be read for a bug of ours. */
    void broken(Throwable cause);
  }

  private final EventLoop loop;
  private final Reader reader;
  private final Turn turn = Turn.usual();
  private final Deque<Object> waiting = new ArrayDeque<>(1);
  private boolean scheduled;

  Inbox(EventLoop loop, Reader reader) {
    this.loop = loop;
    this.reader = reader;
  }

  /** Takes a message over: handles it now where nothing waits and the turn is not over. */
  void add(Object message) {
    if (!waiting.isEmpty() || turn.isOver() || !isRead(message)) {
      waiting.add(message);
      goOnLater();
    }
  }

  /** The loop has read from the socket what there was, or as much as it reads in one pass. */
  void onReadComplete() {
    if (waiting.isEmpty()) {
      turn.begin();
    }
  }

  /** Reads a message that is out of the queue, and releases it where nothing is left of it. */
  private boolean isRead(Object message) {
    boolean done = true;
    try {
      turn.step(0);
      done = reader.read(message, turn);
    } finally {
      if (done) {
        ReferenceCountUtil.release(message);
      }
    }
    return done;
  }

  private void goOnLater() {
    if (!scheduled) {
      scheduled = true;
      reader.onWaiting(true);
      NextPass.run(loop, this::goOn, this::finish);
    }
  }

  private void goOn() {
    scheduled = false;
    readTurn();
    reader.onPassOver();
    if (!waiting.isEmpty()) {
      goOnLater();
    } else {
      turn.begin();
      reader.onWaiting(false);
    }
  }

  private void readTurn() {
    turn.begin();
    while (!waiting.isEmpty() && !turn.isOver()) {
      Object message = waiting.remove();
      try {
        if (!isRead(message)) {
          waiting.addFirst(message);
        }
      } catch (Throwable e) {
        reader.broken(e);
      }
    }
  }

  /** There is no other pass. */
  private void finish() {
    while (!waiting.isEmpty()) {
      readTurn();
    }
    scheduled = false;
    reader.onWaiting(false);
  }
}
