package io.muxio.examples.datastore.store;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
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
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<Long, Integer> counts = new HashMap<>();

  /** Looks a value up and counts it as open, where there is one. */
  OptionalLong open(Supplier<OptionalLong> lookup) {
    lock.readLock().lock();
    try {
      OptionalLong id = lookup.get();
      id.ifPresent(this::open);
      return id;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Counts a value that nobody else can know yet. */
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

  boolean isOpen(long id) {
    lock.writeLock().lock();
    try {
      synchronized (counts) {
        return counts.containsKey(id);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
