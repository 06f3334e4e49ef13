package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value piece by piece, as it was when it was opened: what is written or deleted meanwhile
 * does not change it. Holds one piece of at most 4 MiB. For one thread at a time.
 */
public final class ValueReader implements AutoCloseable {
  private final ReaderPool readers;
  private final OpenValues openValues;
  private final byte[] key;
  private final long length;
  private final long id;

  /** The value of an entry without chunks, until it has been read. */
  private @Nullable ByteBuffer inline;

  private long read;
  private int chunks;
  private boolean closed;

  private ValueReader(ReaderPool readers, OpenValues openValues, byte[] key, EntryRecord entry) {
    this.readers = readers;
    this.openValues = openValues;
    this.key = key;
    this.length = entry.length();
    if (entry.isChunked()) {
      id = entry.id();
      openValues.open(id);
    } else {
      id = -1;
      inline = copy(entry.value());
    }
  }

  static Optional<ValueReader> open(ReaderPool readers, OpenValues openValues, byte[] key) {
    return readers.readUncollected(
        openValues,
        snapshot ->
            Optional.ofNullable(snapshot.find(key))
                .map(entry -> new ValueReader(readers, openValues, key, entry)));
  }

  private static ByteBuffer copy(ByteBuffer source) {
    return ByteBuffer.allocate(source.remaining()).put(source).flip();
  }

  /**
   * How long the value is.
   *
   * @return bytes, 1 or more
   */
  public long length() {
    return length;
  }

  /**
   * The next piece.
   *
   * @return a copy, the caller's, from position to limit; null after the last
   * @throws StoreException where it is damaged
   * @throws IllegalStateException where this reader or the store is closed
   */
  public @Nullable ByteBuffer next() {
    if (closed) {
      throw new IllegalStateException("the reader of " + KeyForm.show(key) + " is closed");
    }
    if (read == length) {
      return null;
    }
    ByteBuffer piece = inline;
    if (piece == null) {
      piece = readers.read(snapshot -> copy(snapshot.chunk(id, chunks)));
      chunks++;
    }
    inline = null;
    read += piece.remaining();
    if (read > length) {
      throw new StoreException(
          KeyForm.show(key) + " is damaged: " + read + " bytes (expected: " + length + ")");
    }
    return piece;
  }

  /** Lets go of the value. Closing again does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (id >= 0) {
        openValues.close(id);
      }
    }
  }
}
