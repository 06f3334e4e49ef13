package io.muxio.examples.datastore.store;

import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;

/**
 * Something to be written: done as a whole or not at all.
 *
 * @param work does it in a transaction, which may be done again in another; its result completes
 *     the future when the transaction has been committed
 * @param bytes what it counts in the queue
 * @param frees whether it makes room, so that it may use what is kept back for that
 * @param done completes on the writer thread
 */
record Operation(
    ToLongFunction<WriteTxn> work, long bytes, boolean frees, CompletableFuture<Long> done) {
  private static final int OVERHEAD = 64;

  static Operation of(long bytes, ToLongFunction<WriteTxn> work) {
    return new Operation(work, bytes + OVERHEAD, false, new CompletableFuture<>());
  }

  static Operation freeing(long bytes, ToLongFunction<WriteTxn> work) {
    return new Operation(work, bytes + OVERHEAD, true, new CompletableFuture<>());
  }
}
