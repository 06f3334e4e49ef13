package io.muxio.examples.datastore.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.LmdbException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes what waits as a group, writes it in one transaction with one
 * sync, and tells those who wait. Where the group fails, each operation is tried alone, so that
 * only those fail that cannot be done. An error that leaves the thread in doubt, a lack of memory
 * say, ends it: all that waits fails then, and all that comes later.
 */
final class Writer implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

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

  /**
   * Why a sync by the clock failed. The kernel may have dropped what it could not write, and a
   * later sync would succeed without it: nothing is written any more.
   */
  private @Nullable LmdbException syncFailure;

  /** What ended the thread before its time. Set before the queue is closed for it. */
  private volatile @Nullable Throwable brokenBy;

  Writer(Tables tables, StoreOptions options, OpenValues openValues) {
    this.tables = tables;
    this.sync = options.sync();
    this.failure = new LmdbFailure(options.directory(), options.maxSize(), options.sync());
    this.headroom = new Headroom(failure);
    this.collector = new Collector(tables, headroom, openValues);
    this.thread = new Thread(this, "store-writer-" + options.directory().getFileName());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Puts an operation into the queue; waits while that is full. It fails at once where the thread
   * has broken down.
   *
   * @throws IllegalStateException where the store is closed
   */
  void add(Operation operation) throws InterruptedException {
    requireOtherThread();
    if (!queue.add(operation)) {
      Throwable cause = brokenBy;
      if (cause == null) {
        throw new IllegalStateException(failure.directory() + " is closed");
      }
      operation.done().completeExceptionally(brokenDown(cause));
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
    List<Operation> group = List.of();
    try {
      while (!queue.isDrained()) {
        group = queue.take(syncFailure == null && collector.hasWork() ? 0 : idleNanos());
        write(group);
        if (syncFailure == null) {
          collector.step(group.isEmpty());
          syncIfDue();
        }
      }
    } catch (RuntimeException | Error e) {
      breakDown(group, e);
    }
  }

  /** Fails what has been taken, what waits and what will come. */
  private void breakDown(List<Operation> taken, Throwable cause) {
    brokenBy = cause;
    queue.close();
    StoreException told = brokenDown(cause);
    taken.forEach(operation -> operation.done().completeExceptionally(told));
    while (!queue.isDrained()) {
      queue.take(0).forEach(operation -> operation.done().completeExceptionally(told));
    }
    LOG.error("{}", told.getMessage(), cause);
  }

  private StoreException brokenDown(Throwable cause) {
    String what = "the writer has broken down: " + cause + "; restart";
    return failure.of("write", new StoreException(what, cause));
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
    } catch (RuntimeException e) {
      onFailure(group, e);
      return;
    }
    for (int i = 0; i < results.length; i++) {
      group.get(i).done().complete(results[i]);
    }
  }

  private WriteTxn begin() {
    if (syncFailure != null) {
      throw new StoreException(
          "what was acknowledged may be lost, since it could not be forced to the disk ("
              + syncFailure.getMessage()
              + "); close the store, look at the disk, and open the store again",
          syncFailure);
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
        dirtySince = 0;
      } catch (LmdbException e) {
        syncFailure = e;
        LOG.error("{}: a sync failed, writes are refused", failure.directory(), e);
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
