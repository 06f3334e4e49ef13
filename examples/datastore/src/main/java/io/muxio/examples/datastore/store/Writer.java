package io.muxio.examples.datastore.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.LmdbException;

/**
 * The one thread that writes. It takes what waits as a group, writes it in one transaction with one
 * sync, and tells those who wait. Where the group fails, each operation is tried alone, so that
 * only those fail that cannot be done.
 */
final class Writer implements Runnable, AutoCloseable {
  /** The longest wait without work, after which it looks for garbage. */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Tables tables;
  private final SyncPolicy sync;
  private final LmdbFailure failure;
  private final Headroom headroom;
  private final Collector collector;
  private final WriteQueue queue = new WriteQueue();
  private final Thread thread;

  /** When the oldest write that may not be on the disk was made; 0 where there is none. */
  private long dirtySince;

  /** Why the last sync by the clock failed; what is written since cannot be acknowledged. */
  private @Nullable LmdbException syncFailure;

  Writer(Tables tables, StoreOptions options, OpenValues openValues) {
    this.tables = tables;
    this.sync = options.sync();
    this.failure = new LmdbFailure(options.directory(), options.maxSize());
    this.headroom = new Headroom(options.directory(), options.maxSize());
    this.collector = new Collector(tables, headroom, openValues);
    this.thread = new Thread(this, "store-writer-" + options.directory().getFileName());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Puts an operation into the queue; waits while that is full.
   *
   * @throws IllegalStateException where the store is closed
   */
  void add(Operation operation) throws InterruptedException {
    requireOtherThread();
    if (!queue.add(operation)) {
      throw new IllegalStateException(failure.directory() + " is closed");
    }
  }

  private void requireOtherThread() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(
          "the writer thread would wait for itself: write and close from another thread");
    }
  }

  @Override
  public void run() {
    try {
      while (!queue.isDrained()) {
        write(queue.take(collector.hasWork() ? 0 : idleNanos()));
        collector.step();
        syncIfDue();
      }
    } finally {
      queue.close();
      while (!queue.isDrained()) {
        for (Operation left : queue.take(0)) {
          left.done().completeExceptionally(new StoreException(failure.directory() + " is closed"));
        }
      }
    }
  }

  private long idleNanos() {
    return dirtySince == 0 || sync.mode() != SyncPolicy.Mode.INTERVAL
        ? IDLE_NANOS
        : Math.min(IDLE_NANOS, sync.interval().toNanos());
  }

  private void write(List<Operation> group) {
    if (group.isEmpty()) {
      return;
    }
    long[] results = new long[group.size()];
    try (WriteTxn txn = begin()) {
      for (int i = 0; i < results.length; i++) {
        results[i] = group.get(i).work().applyAsLong(txn);
      }
      txn.commit();
      collector.onCommit(txn.madeGarbage());
      if (dirtySince == 0) {
        dirtySince = System.nanoTime() | 1;
      }
    } catch (RuntimeException | Error e) {
      onFailure(group, e);
      return;
    }
    for (int i = 0; i < results.length; i++) {
      group.get(i).done().complete(results[i]);
    }
  }

  private WriteTxn begin() {
    if (syncFailure != null) {
      throw syncFailure;
    }
    return new WriteTxn(tables, headroom);
  }

  private void onFailure(List<Operation> group, Throwable cause) {
    if (group.size() == 1) {
      Operation operation = group.get(0);
      if (operation.frees() && cause instanceof LmdbException && headroom.giveUp()) {
        write(group);
        return;
      }
      operation.done().completeExceptionally(failure.of("write", cause));
      return;
    }
    for (Operation operation : group) {
      write(List.of(operation));
    }
  }

  private void syncIfDue() {
    Duration interval = sync.interval();
    if (sync.mode() == SyncPolicy.Mode.INTERVAL
        && dirtySince != 0
        && System.nanoTime() - dirtySince >= interval.toNanos()) {
      try {
        tables.env().sync(true);
        syncFailure = null;
        dirtySince = 0;
      } catch (LmdbException e) {
        syncFailure = e;
      }
    }
  }

  /** Writes what waits, and ends. */
  @Override
  public void close() {
    requireOtherThread();
    queue.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the map must not go away under the thread
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
