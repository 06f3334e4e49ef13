package io.muxio.examples.datastore.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits to be written, bounded in number and bytes. Any thread adds, one takes. */
final class WriteQueue {
  private static final int MAX_WAITING = 16_384;
  private static final long MAX_WAITING_BYTES = 64L << 20;
  private static final int MAX_GROUP = 1_024;
  private static final long MAX_GROUP_BYTES = 16L << 20;

  /** Fair, so that who waits longest is next. */
  private final ReentrantLock lock = new ReentrantLock(true);

  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();
  private final Queue<Operation> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean closed;

  /**
   * Adds an operation, when there is room for it. One that is larger than the queue waits until it
   * is empty.
   *
   * @return whether it was added; false when the queue is closed
   */
  boolean add(Operation operation) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && !hasRoom(operation)) {
        room.await();
      }
      if (closed) {
        return false;
      }
      waiting.add(operation);
      waitingBytes += operation.bytes();
      work.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom(Operation operation) {
    return waiting.isEmpty()
        || (waiting.size() < MAX_WAITING && waitingBytes + operation.bytes() <= MAX_WAITING_BYTES);
  }

  /**
   * Takes what fits into one transaction.
   *
   * @param nanos how long to wait for the first
   * @return the operations in their order; none when the time has passed or the queue is closed
   */
  List<Operation> take(long nanos) {
    lock.lock();
    try {
      awaitWork(nanos);
      List<Operation> group = new ArrayList<>(Math.min(waiting.size(), MAX_GROUP));
      long bytes = 0;
      for (Operation next = waiting.peek(); next != null; next = waiting.peek()) {
        bytes += next.bytes();
        if (group.size() == MAX_GROUP || (bytes > MAX_GROUP_BYTES && !group.isEmpty())) {
          break;
        }
        group.add(waiting.remove());
        waitingBytes -= next.bytes();
      }
      room.signalAll();
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void awaitWork(long nanos) {
    long left = nanos;
    while (waiting.isEmpty() && !closed && left > 0) {
      try {
        left = work.awaitNanos(left);
      } catch (InterruptedException e) {
        left = 0; // the writer ends with the queue, not before
      }
    }
  }

  /** Refuses what comes from now on; what waits can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      room.signalAll();
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing waits and nothing will come. */
  boolean isDrained() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
