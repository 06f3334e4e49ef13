package io.muxio.examples.datastore.store;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.lmdbjava.LmdbException;

/**
 * Snapshots for readers of one kind: made once, then renewed for each read. When all are in use a
 * reader waits, or is refused. The close waits for all, because LMDB's memory goes with it.
 */
final class ReaderPool implements AutoCloseable {
  /** What is read, how many may do so at once, and how long one more waits. */
  enum Kind {
    READ("reads", 126, 30),
    EXPORT("exports", 8, 0),
    VERIFICATION("verifications", 2, 0);

    private final String plural;
    private final int size;
    private final long patienceSeconds;

    Kind(String plural, int size, long patienceSeconds) {
      this.plural = plural;
      this.size = size;
      this.patienceSeconds = patienceSeconds;
    }
  }

  private final Tables tables;
  private final LmdbFailure failure;
  private final Kind kind;
  private final Semaphore free;
  private final Queue<ReadTxn> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  ReaderPool(Tables tables, LmdbFailure failure, Kind kind) {
    this.tables = tables;
    this.failure = failure;
    this.kind = kind;
    this.free = new Semaphore(kind.size, true);
  }

  /** Snapshots of all kinds at once, for LMDB's table of readers. */
  static int slots() {
    return Arrays.stream(Kind.values()).mapToInt(kind -> kind.size).sum();
  }

  /**
   * Breaks a read off that takes long, when the store is being closed.
   *
   * @throws StoreException where it is
   */
  void requireOpen() {
    if (closed) {
      throw new StoreException("the store is being closed");
    }
  }

  /**
   * Reads from the newest snapshot.
   *
   * @throws IllegalStateException where the store is closed
   * @throws StoreException where it fails, or no snapshot gets free
   */
  <R> R read(Function<ReadTxn, R> work) {
    return inPlace(() -> readNewest(work));
  }

  /**
   * Reads from the newest snapshot while no value is collected. Nobody waits for a place meanwhile:
   * the collector would wait too.
   */
  <R> R readUncollected(OpenValues openValues, Function<ReadTxn, R> work) {
    return inPlace(() -> openValues.whileNoneIsCollected(() -> readNewest(work)));
  }

  private <R> R readNewest(Function<ReadTxn, R> work) {
    ReadTxn snapshot = renew();
    try {
      return work.apply(snapshot);
    } finally {
      snapshot.txn().reset();
      idle.add(snapshot);
    }
  }

  private <R> R inPlace(Supplier<R> work) {
    acquire();
    try {
      return work.get();
    } catch (LmdbException | StoreException e) {
      throw failure.of("read", e);
    } finally {
      free.release();
    }
  }

  private void acquire() {
    try {
      if (!free.tryAcquire(kind.patienceSeconds, TimeUnit.SECONDS)) {
        throw tooMany();
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

  private StoreException tooMany() {
    String many = kind.size + " " + kind.plural;
    String what =
        kind.patienceSeconds == 0
            ? many + " are running (expected: fewer)"
            : many + " have been running for " + kind.patienceSeconds + " s (expected: one to end)";
    return new StoreException(failure.directory() + ": " + what, what, null);
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
    free.acquireUninterruptibly(kind.size);
    for (ReadTxn snapshot = idle.poll(); snapshot != null; snapshot = idle.poll()) {
      snapshot.txn().close();
    }
    free.release(kind.size); // who still waits is told that it is closed
  }
}
