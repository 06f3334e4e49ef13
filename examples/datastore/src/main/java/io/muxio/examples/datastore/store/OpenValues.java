package io.muxio.examples.datastore.store;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Which streamed values are being read or written, so that their chunks stay.
 *
 * <p>A reader looks its value up and counts itself under the read lock. The collector asks under
 * the write lock, about ids that are garbage by a transaction that was committed before. So whoever
 * looks up later does not find the id any more, and whoever did so earlier has been counted.
 */
final class OpenValues {
  private static final int PATIENCE_MILLIS = 10;

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<Long, Integer> counts = new HashMap<>();

  /** Looks a value up and counts what it finds as open, before it can be collected. */
  <R> R whileNoneIsCollected(Supplier<R> lookup) {
    lock.readLock().lock();
    try {
      return lookup.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Counts a value as open: one that is being looked up, or that nobody else can know yet. */
  void open(long id) {
    synchronized (counts) {
      counts.merge(id, 1, Integer::sum);
    }
  }

  void close(long id) {
    synchronized (counts) {
      counts.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Whether it may be open; does not wait long for those who look values up just now. */
  boolean mayBeOpen(long id) {
    if (!tryLock()) {
      return true;
    }
    try {
      synchronized (counts) {
        return counts.containsKey(id);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private boolean tryLock() {
    try {
      return lock.writeLock().tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return false; // of the writer thread, which ends with its queue only
    }
  }
}
