package io.muxio.examples.datastore.store;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.lmdbjava.LmdbException;

/**
 * Snapshots for readers: made once, then renewed for each read. When all are in use a reader waits.
 * The close waits for all, because LMDB's memory goes with it.
 */
final class ReaderPool implements AutoCloseable {
  /** Snapshots at once; LMDB has a table of so many readers. */
  static final int SIZE = 126;

  private static final long PATIENCE_SECONDS = 30;

  private final Tables tables;
  private final LmdbFailure failure;
  private final Semaphore free = new Semaphore(SIZE, true);
  private final Queue<ReadTxn> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  ReaderPool(Tables tables, LmdbFailure failure) {
    this.tables = tables;
    this.failure = failure;
  }

  /**
   * Reads from the newest snapshot.
   *
   * @throws IllegalStateException where the store is closed
   * @throws StoreException where it fails, or no snapshot gets free
   */
  <R> R read(Function<ReadTxn, R> work) {
    acquire();
    try {
      ReadTxn snapshot = renew();
      try {
        return work.apply(snapshot);
      } finally {
        snapshot.txn().reset();
        idle.add(snapshot);
      }
    } catch (LmdbException | StoreException e) {
      throw failure.of("read", e);
    } finally {
      free.release();
    }
  }

  private void acquire() {
    try {
      if (!free.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new StoreException(
            failure.directory()
                + ": "
                + SIZE
                + " reads have been running for "
                + PATIENCE_SECONDS
                + " s (expected: one to end)");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while waiting to read " + failure.directory(), e);
    }
    if (closed) {
      free.release();
      throw new IllegalStateException(failure.directory() + " is closed");
    }
  }

  private ReadTxn renew() {
    ReadTxn snapshot = idle.poll();
    if (snapshot == null) {
      return new ReadTxn(tables);
    }
    try {
      snapshot.txn().renew();
      return snapshot;
    } catch (LmdbException e) {
      snapshot.txn().close();
      throw e;
    }
  }

  /** Waits for the reads that run, and refuses others. */
  @Override
  public void close() {
    closed = true;
    free.acquireUninterruptibly(SIZE);
    for (ReadTxn snapshot = idle.poll(); snapshot != null; snapshot = idle.poll()) {
      snapshot.txn().close();
    }
    free.release(SIZE); // who still waits is told that it is closed
  }
}
