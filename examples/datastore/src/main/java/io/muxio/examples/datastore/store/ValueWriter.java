package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a value piece by piece, of a length that need not be known. The entry appears or changes
 * when the value is published, as a whole. Holds a mebibyte or two, however long the value is, and
 * less where it is shorter. For one thread at a time, and not for the writer thread, on which
 * futures complete.
 */
public final class ValueWriter implements AutoCloseable {
  private enum State {
    WRITING,
    PUBLISHED,
    ABORTED
  }

  /** How many pieces may be on their way to the disk. */
  private static final int WINDOW = 4;

  private static final int FIRST_BYTES = 4 << 10;
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
  private static final long NONE = -1;

  private final Writer writer;
  private final OpenValues openValues;
  private final byte[] key;
  private final Queue<CompletableFuture<Long>> window = new ArrayDeque<>();
  private ByteBuffer piece = EMPTY;
  private State state = State.WRITING;
  private long id = NONE;
  private int chunks;
  private long length;

  ValueWriter(Writer writer, OpenValues openValues, byte[] key) {
    this.writer = writer;
    this.openValues = openValues;
    this.key = key;
  }

  /**
   * Adds bytes to the value. Waits while earlier ones are being written.
   *
   * @param bytes from position to limit; copied, and read to the limit
   * @throws InterruptedException where the thread is interrupted while it waits; the value is
   *     aborted then
   * @throws StoreException where the disk is full, say; the value is aborted then
   * @throws IllegalStateException where the value has been published or aborted, or the store is
   *     closed
   */
  public void write(ByteBuffer bytes) throws InterruptedException {
    requireWriting();
    try {
      while (bytes.hasRemaining()) {
        makeRoom();
        int count = Math.min(bytes.remaining(), piece.remaining());
        piece.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        length += count;
      }
    } catch (InterruptedException | RuntimeException e) {
      abort();
      throw e;
    }
  }

  /** Nothing is allocated before the first byte: many writers may be open that get none. */
  private void makeRoom() throws InterruptedException {
    if (piece.hasRemaining()) {
      return;
    }
    if (piece.capacity() == ChunkRecord.MAX_BYTES) {
      sendPiece();
    }
    int size = Math.max(FIRST_BYTES, 2 * piece.capacity());
    piece = ByteBuffer.allocate(Math.min(size, ChunkRecord.MAX_BYTES)).put(piece.flip());
  }

  private void sendPiece() throws InterruptedException {
    if (id == NONE) {
      begin();
    }
    awaitWindow(WINDOW - 1);
    if (chunks == Integer.MAX_VALUE) {
      throw new StoreException(KeyForm.show(key) + ": the value passes " + length + " bytes");
    }
    ByteBuffer bytes = piece.flip();
    long stream = id;
    int index = chunks++;
    window.add(
        submit(
            Operation.of(
                bytes.remaining(),
                txn -> {
                  txn.putChunk(stream, index, bytes);
                  return index;
                })));
    piece = EMPTY;
  }

  private void awaitWindow(int size) throws InterruptedException {
    while (window.size() > size) {
      await(window.element());
      window.remove();
    }
  }

  /** The id counts as open before the collector, on the same thread, can see that it is garbage. */
  private void begin() throws InterruptedException {
    Operation begin = Operation.of(0, WriteTxn::beginUpload);
    CompletableFuture<Void> opened = begin.done().thenAccept(openValues::open);
    writer.add(begin);
    try {
      await(opened);
      id = begin.done().join();
    } catch (InterruptedException e) {
      // After it, not beside it: dependents of one stage run in the reverse order.
      opened.thenRun(() -> openValues.abandon(begin.done().join()));
      throw e;
    }
  }

  private CompletableFuture<Long> submit(Operation operation) throws InterruptedException {
    writer.add(operation);
    return operation.done();
  }

  private static void await(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreException failure) {
        throw new StoreException(String.valueOf(failure.getMessage()), failure);
      }
      throw new IllegalStateException("a write failed with what it may not", e.getCause());
    }
  }

  /**
   * Makes what was written the value of the key. Waits until its pieces are written.
   *
   * @return completes with the tail, like that of {@link Store#write}
   * @throws InterruptedException where the thread is interrupted while it waits; the value is
   *     aborted then
   * @throws IllegalArgumentException where the value is empty or a single byte 0; it is aborted
   *     then
   * @throws StoreException where a piece could not be written; the value is aborted then
   * @throws IllegalStateException where the value has been published or aborted, or the store is
   *     closed
   */
  public CompletableFuture<Long> publish() throws InterruptedException {
    requireWriting();
    try {
      Entry.checkValue(length, length == 0 ? 0 : piece.get(0));
      CompletableFuture<Long> published = id == NONE ? publishInline() : publishChunks();
      state = State.PUBLISHED;
      return published;
    } catch (InterruptedException | RuntimeException e) {
      abort();
      throw e;
    }
  }

  /** What is one piece only is an ordinary entry. */
  private CompletableFuture<Long> publishInline() throws InterruptedException {
    byte[] value = new byte[piece.flip().remaining()];
    piece.get(value);
    return submit(
        Operation.of(
            (long) key.length + value.length,
            txn -> {
              txn.put(key, value);
              return txn.tail();
            }));
  }

  private CompletableFuture<Long> publishChunks() throws InterruptedException {
    sendPiece();
    awaitWindow(0);
    long stream = id;
    long total = length;
    CompletableFuture<Long> published =
        submit(
            Operation.of(
                key.length,
                txn -> {
                  txn.publish(key, stream, total);
                  return txn.tail();
                }));
    return published.whenComplete(
        (tail, failure) -> {
          if (failure == null) {
            openValues.publish(stream);
          } else {
            openValues.abandon(stream);
          }
        });
  }

  private void requireWriting() {
    if (state != State.WRITING) {
      throw new IllegalStateException(
          "the value is " + state + " (expected: " + State.WRITING + ")");
    }
  }

  /** Drops the value; the entry stays as it is. Does nothing after the end. */
  public void abort() {
    if (state == State.WRITING) {
      state = State.ABORTED;
      @Nullable CompletableFuture<?> last = null;
      for (CompletableFuture<Long> sent : window) {
        last = sent;
      }
      if (last != null) {
        last.whenComplete((index, failure) -> openValues.abandon(id));
      } else if (id != NONE) {
        openValues.abandon(id);
      }
    }
  }

  /** As {@link #abort()}. */
  @Override
  public void close() {
    abort();
  }
}
