package io.muxio.examples.datastore.store;

import io.muxio.examples.datastore.store.ReaderPool.Kind;
import io.muxio.examples.datastore.store.Tables.Counter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values on disk, for one process at a time. Safe for use by any threads: one thread of
 * the store writes, in groups, and readers see the newest snapshot without waiting for it.
 *
 * <p>A write is answered with the store's tail: the length that the append-only log of SIMD R Drive
 * would have after the same writes.
 *
 * <p>After {@link #close()} every method throws {@link IllegalStateException}.
 */
public final class Store implements AutoCloseable {
  private final Database database;
  private final OpenValues openValues = new OpenValues();
  private final ReaderPool readers;
  private final ReaderPool exports;
  private final ReaderPool verifications;
  private final Writer writer;

  private Store(StoreOptions options, Database database) {
    this.database = database;
    Tables tables = database.tables();
    this.readers = new ReaderPool(tables, database.failure(), Kind.READ);
    this.exports = new ReaderPool(tables, database.failure(), Kind.EXPORT);
    this.verifications = new ReaderPool(tables, database.failure(), Kind.VERIFICATION);
    this.writer = new Writer(tables, options, openValues);
  }

  /**
   * Opens a store, and makes it where there is none, unless the options say otherwise.
   *
   * @param options where it is and how it is kept
   * @return the store; to be closed
   * @throws StoreException where there is no store and none is to be made, another process or store
   *     has the directory, it cannot be written, or its file is damaged or of another format;
   *     nothing is changed then
   */
  public static Store open(StoreOptions options) {
    Store store = new Store(options, Database.open(options));
    store.writer.start();
    return store;
  }

  /**
   * Writes entries, all or none. Of equal keys the last wins. Waits while too much waits to be
   * written already.
   *
   * @param entries the entries; may be none
   * @return completes with the tail when they are written as the {@link SyncPolicy} says, on the
   *     writer thread, which must not be blocked and cannot write; fails with a {@link
   *     StoreException}
   * @throws InterruptedException where the thread is interrupted while it waits; nothing is written
   * @throws IllegalStateException where the store is closed
   */
  public CompletableFuture<Long> write(List<Entry> entries) throws InterruptedException {
    List<Entry> batch = List.copyOf(entries);
    long bytes = 0;
    for (Entry entry : batch) {
      bytes += (long) entry.key.length + entry.value.length;
    }
    return submit(
        Operation.of(
            bytes,
            txn -> {
              batch.forEach(entry -> txn.put(entry.key, entry.value));
              return txn.tail();
            }));
  }

  /**
   * Deletes an entry. A key without an entry changes nothing.
   *
   * @param key the key; not copied
   * @return completes like that of {@link #write}
   * @throws InterruptedException where the thread is interrupted while it waits; nothing is deleted
   * @throws IllegalStateException where the store is closed
   */
  public CompletableFuture<Long> delete(byte[] key) throws InterruptedException {
    return submit(
        Operation.freeing(
            key.length,
            txn -> {
              txn.delete(key);
              return txn.tail();
            }));
  }

  private CompletableFuture<Long> submit(Operation operation) throws InterruptedException {
    writer.add(operation);
    return operation.done();
  }

  /**
   * Reads a value where it lies. What is longer than 4 MiB or was written as a stream lies in
   * pieces, and is copied together first.
   *
   * @param key the key
   * @param maxBytes the longest value that is wanted
   * @param reader gets the value, position 0 to limit. The buffer is read-only and gone when the
   *     function returns: to touch it later ends the process. It must not use the store
   * @param <R> what is made of the value
   * @return what the function made; empty where there is no entry
   * @throws ValueTooLongException where the value is longer
   * @throws StoreException where it is damaged
   */
  public <R> Optional<R> read(byte[] key, int maxBytes, Function<ByteBuffer, R> reader) {
    return readers.read(
        snapshot -> {
          EntryRecord entry = snapshot.find(key);
          return entry == null
              ? Optional.empty()
              : Optional.of(reader.apply(value(snapshot, key, entry, maxBytes)));
        });
  }

  /**
   * A copy of a value.
   *
   * @param key the key
   * @param maxBytes the longest value that is wanted
   * @return the value; empty where there is no entry
   * @throws ValueTooLongException where the value is longer
   * @throws StoreException where it is damaged
   */
  public Optional<byte[]> get(byte[] key, int maxBytes) {
    return read(key, maxBytes, Store::copy);
  }

  /**
   * Copies of several values as they were at one moment.
   *
   * @param keys the keys
   * @param maxBytes what the values may have together
   * @return for each key its value; empty where there is no entry
   * @throws ValueTooLongException where they are longer
   * @throws StoreException where one is damaged
   */
  public List<Optional<byte[]>> getAll(List<byte[]> keys, int maxBytes) {
    return readers.read(
        snapshot -> {
          List<Optional<byte[]>> values = new ArrayList<>(keys.size());
          int left = maxBytes;
          for (byte[] key : keys) {
            @Nullable EntryRecord entry = snapshot.find(key);
            if (entry == null) {
              values.add(Optional.empty());
            } else {
              byte[] value = copy(value(snapshot, key, entry, left));
              left -= value.length;
              values.add(Optional.of(value));
            }
          }
          return values;
        });
  }

  private static ByteBuffer value(ReadTxn snapshot, byte[] key, EntryRecord entry, int maxBytes) {
    if (entry.length() > maxBytes) {
      throw new ValueTooLongException(
          "the value of "
              + KeyForm.show(key)
              + " has "
              + entry.length()
              + " bytes (expected: at most "
              + maxBytes
              + "); read it as a stream");
    }
    return entry.isChunked() ? snapshot.assemble(entry) : entry.value();
  }

  /** A streamed value has been copied already, into an array of its own. */
  private static byte[] copy(ByteBuffer value) {
    if (value.hasArray() && value.arrayOffset() == 0) {
      return value.array();
    }
    byte[] bytes = new byte[value.remaining()];
    value.get(bytes);
    return bytes;
  }

  /**
   * Opens a value to be read piece by piece.
   *
   * @param key the key
   * @return the value as it is now, to be closed; empty where there is no entry
   * @throws StoreException where the entry is damaged
   */
  public Optional<ValueReader> openReader(byte[] key) {
    return ValueReader.open(readers, openValues, key);
  }

  /**
   * Begins to write a value piece by piece.
   *
   * @param key the key; not copied
   * @return what takes the pieces; to be published or closed
   * @throws IllegalArgumentException where the key passes {@link Entry#MAX_KEY_SIZE}
   */
  public ValueWriter openWriter(byte[] key) {
    Entry.checkKey(key.length);
    return new ValueWriter(writer, openValues, key);
  }

  /**
   * Whether there is an entry. Its value is not checked.
   *
   * @param key the key
   * @return whether there is one
   */
  public boolean contains(byte[] key) {
    return readers.read(snapshot -> snapshot.contains(key));
  }

  /**
   * How many entries there are.
   *
   * @return the exact number
   */
  public long count() {
    return readers.read(snapshot -> database.tables().entries().stat(snapshot.txn()).entries);
  }

  /**
   * Whether there are no entries.
   *
   * @return whether {@link #count()} is 0
   */
  public boolean isEmpty() {
    return count() == 0;
  }

  /**
   * The length of the append-only log that the same writes would have made.
   *
   * @return bytes
   */
  public long tail() {
    return readers.read(snapshot -> database.tables().get(snapshot.txn(), Counter.TAIL));
  }

  /**
   * What the store is like.
   *
   * @return numbers of one moment
   * @throws StoreException where the length of the file cannot be told
   */
  public StoreStats stats() {
    return readers.read(snapshot -> database.stats(snapshot.txn()));
  }

  /**
   * Reads all that is stored, and checks it. Writes go on meanwhile, but the space of what they
   * replace is not used again before the end.
   *
   * @param progress is told after each entry
   * @return what was found
   * @throws StoreException where two are running already, or the store is closed meanwhile
   */
  public StoreReport verify(Progress progress) {
    return verifications.read(
        snapshot ->
            new Verification(snapshot, database.tables(), verifications::requireOpen, progress)
                .run());
  }

  /**
   * Writes all entries of one moment to a channel. Writes go on meanwhile, but the space of what
   * they replace is not used again before the end.
   *
   * @param target gets the bytes; not closed
   * @param progress is told after each entry
   * @return how many entries were written
   * @throws IOException where the channel fails
   * @throws StoreException where an entry is damaged, eight are running already, or the store is
   *     closed meanwhile
   */
  public long exportTo(WritableByteChannel target, Progress progress) throws IOException {
    try {
      return exports.read(
          snapshot -> {
            try {
              return new Export(snapshot, database.tables(), target, exports::requireOpen)
                  .run(progress);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Writes the entries of an export to this store, over those of the same keys. It stops at the
   * first that is damaged; no part of that is written, but many before it are.
   *
   * @param source the bytes; not closed, and read a little further than the export
   * @param progress is told after each entry
   * @return how many entries were read; all are written
   * @throws IOException where the channel fails
   * @throws InterruptedException where the thread is interrupted while it waits
   * @throws StoreException where the export is damaged or cut off, or a write fails
   */
  public long importFrom(ReadableByteChannel source, Progress progress)
      throws IOException, InterruptedException {
    return new Import(this, source, progress).run();
  }

  /**
   * Writes what waits, lets reads that run come to their end, breaks exports and verifications off
   * (an export after its channel has taken what it is given), forces all to the disk and gives the
   * directory back. Closing again does nothing.
   *
   * @throws StoreException where the last sync fails
   */
  @Override
  public void close() {
    writer.close();
    exports.close();
    verifications.close();
    readers.close();
    database.close();
  }
}
