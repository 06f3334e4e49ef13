package io.muxio.rpc.endpoint;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls that all have the same time, the oldest first: entering and leaving costs a few pointers,
 * and one timer serves them all. Used on the connection's thread only.
 */
final class TimeoutList {
  /** A call as a link of the list; in one list at a time. */
  abstract static class Link {
    private @Nullable TimeoutList list;
    private @Nullable Link previous;
    private @Nullable Link next;
    private long sinceNanos;

    /** The call's time is over; it has left the list. */
    abstract void onTimeout(TimeoutList list);

    /** Leaves the list it is in, if any. */
    final void leave() {
      if (list != null) {
        list.remove(this);
      }
    }
  }

  private final Duration timeout;
  private final long timeoutNanos;
  private final ScheduledExecutorService timer;
  private final Executor thread;
  private @Nullable Link oldest;
  private @Nullable Link newest;
  private @Nullable Future<?> due;

  /**
   * Makes an empty list.
   *
   * @param timeout the calls' time; zero for no limit
   * @param timer runs tasks on the connection's thread, but sends nothing of what they write
   * @param thread does
   */
  TimeoutList(Duration timeout, ScheduledExecutorService timer, Executor thread) {
    this.timeout = timeout;
    this.timeoutNanos = timeout.toNanos();
    this.timer = timer;
    this.thread = thread;
  }

  Duration timeout() {
    return timeout;
  }

  /** What is left of the time of a call that has entered this list last; on any thread after. */
  long leftNanos(Link link) {
    return timeoutNanos == 0
        ? CallerDeadline.NEVER
        : timeoutNanos - (System.nanoTime() - link.sinceNanos);
  }

  /** Begins the time of a call, which leaves the list that it was in. */
  void enter(Link link) {
    link.leave();
    if (timeoutNanos == 0) {
      return;
    }
    link.list = this;
    link.sinceNanos = System.nanoTime();
    link.previous = newest;
    if (newest == null) {
      oldest = link;
    } else {
      newest.next = link;
    }
    newest = link;
    arm(timeoutNanos);
  }

  /** The connection has ended: nobody is told any more. */
  void close() {
    if (due != null) {
      due.cancel(false);
    }
  }

  private void remove(Link link) {
    if (link.previous == null) {
      oldest = link.next;
    } else {
      link.previous.next = link.next;
    }
    if (link.next == null) {
      newest = link.previous;
    } else {
      link.next.previous = link.previous;
    }
    link.list = null;
    link.previous = null;
    link.next = null;
  }

  private void arm(long delayNanos) {
    if (due == null) {
      due = timer.schedule(() -> thread.execute(this::expire), delayNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void expire() {
    due = null;
    long now = System.nanoTime();
    for (Link link = oldest; link != null; link = oldest) {
      long left = timeoutNanos - (now - link.sinceNanos);
      if (left > 0) {
        arm(left);
        return;
      }
      remove(link);
      link.onTimeout(this);
    }
  }
}
