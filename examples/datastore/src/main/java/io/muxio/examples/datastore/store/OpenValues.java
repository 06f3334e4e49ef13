package io.muxio.examples.datastore.store;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/**
 * Which streamed values are being read or written, so that their chunks stay.
 *
 * <p>A reader takes its snapshot, looks its value up and counts itself under the read lock. The
 * collector asks under the write lock, about ids that are garbage by a transaction that was
 * committed before. So whoever looks up later does not find the id any more, and whoever did so
 * earlier has been counted.
 */
final class OpenValues {
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<Long, Integer> counts = new HashMap<>();

  /** Garbage that the collector has found open. Guarded by the counts. */
  private final Set<Long> awaited = new HashSet<>();

  private volatile boolean someToCollect;

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

  /** One who had a value open lets go of it. */
  void close(long id) {
    synchronized (counts) {
      counts.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
      if (!counts.containsKey(id) && awaited.remove(id)) {
        someToCollect = true;
      }
    }
  }

  /** As {@link #close}, of a value that is garbage no more. */
  void publish(long id) {
    synchronized (counts) {
      awaited.remove(id);
      close(id);
    }
  }

  /** As {@link #close}, of a value that is garbage and stays so. */
  void abandon(long id) {
    synchronized (counts) {
      awaited.add(id);
      close(id);
    }
  }

  /** Whether garbage was closed since the last time this was asked. */
  boolean takeSomeToCollect() {
    if (!someToCollect) {
      return false;
    }
    synchronized (counts) {
      someToCollect = false;
    }
    return true;
  }

  /**
   * Searches garbage for what nobody has open.
   *
   * @param search asks whether an id is open; of one that is, the close will be told
   * @return what the search finds
   */
  OptionalLong search(Function<LongPredicate, OptionalLong> search) {
    lock.writeLock().lock();
    try {
      synchronized (counts) {
        return search.apply(this::awaitIfOpen);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private boolean awaitIfOpen(long id) {
    boolean open = counts.containsKey(id);
    if (open) {
      awaited.add(id);
    }
    return open;
  }
}
