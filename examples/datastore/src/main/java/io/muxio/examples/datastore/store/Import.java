package io.muxio.examples.datastore.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.zip.CRC32C;

/**
 * Writes the entries of an {@link ExportFormat} to a store, short ones in batches, long ones as
 * streams. Nothing is written whose checksum has not been checked.
 */
final class Import {
  private static final int BATCH_ENTRIES = 1_000;
  private static final long BATCH_BYTES = 4 << 20;

  private final Store store;
  private final ImportSource source;
  private final Progress progress;
  private List<Entry> batch = new ArrayList<>();
  private long batchBytes;

  /** The batch on its way, so that the next is read meanwhile. */
  private CompletableFuture<Long> sent = CompletableFuture.completedFuture(0L);

  private long entries;
  private long bytes;

  Import(Store store, ReadableByteChannel channel, Progress progress) {
    this.store = store;
    this.source = new ImportSource(channel);
    this.progress = progress;
  }

  /** Reads all, and says how many entries that were. */
  long run() throws IOException, InterruptedException {
    String problem = ExportFormat.problem(read(ExportFormat.START_SIZE));
    if (!problem.isEmpty()) {
      throw new StoreException("cannot import: " + problem);
    }
    while (true) {
      long at = source.position();
      ByteBuffer head = read(ExportFormat.HEAD_SIZE);
      if (!ExportFormat.isSound(head)) {
        throw damaged(at, "its checksum is wrong");
      }
      int keyLength = head.getInt();
      long number = head.getLong();
      if (keyLength == ExportFormat.TRAILER) {
        finish(at, number);
        return entries;
      }
      readEntry(at, keyLength, number);
      entries++;
      bytes += number;
      progress.onProgress(entries, bytes);
    }
  }

  private void finish(long at, long number) throws IOException, InterruptedException {
    send();
    await();
    if (number != entries) {
      throw damaged(at, "it tells of " + number + " entries (expected: " + entries + ")");
    }
    if (source
        .hasMore()) { // two exports in one file, for example: the rest must not be lost silently
      throw new StoreException(
          "bytes follow the export, which ends at byte "
              + source.position()
              + " (expected: nothing); its "
              + entries
              + " entries are written");
    }
  }

  private void readEntry(long at, int keyLength, long valueLength)
      throws IOException, InterruptedException {
    if (keyLength < 0 || keyLength > Entry.MAX_KEY_SIZE || valueLength < 1) {
      throw damaged(
          at,
          "it has "
              + keyLength
              + " bytes of key (expected: at most "
              + Entry.MAX_KEY_SIZE
              + ") and "
              + valueLength
              + " of value (expected: at least 1)");
    }
    byte[] key = source.read(keyLength);
    if (valueLength > WriteTxn.MAX_INLINE) {
      send();
      readStream(at, key, valueLength);
      return;
    }
    byte[] value = source.read((int) valueLength);
    CRC32C crc = new CRC32C();
    crc.update(key);
    crc.update(value);
    checkCrc(at, crc);
    try {
      batch.add(new Entry(key, value));
    } catch (IllegalArgumentException e) {
      throw damaged(at, String.valueOf(e.getMessage()));
    }
    batchBytes += (long) keyLength + valueLength;
    if (batch.size() == BATCH_ENTRIES || batchBytes > BATCH_BYTES) {
      send();
    }
  }

  private void readStream(long at, byte[] key, long valueLength)
      throws IOException, InterruptedException {
    CRC32C crc = new CRC32C();
    crc.update(key);
    try (ValueWriter writer = store.openWriter(key)) {
      for (long rest = valueLength; rest > 0; ) {
        ByteBuffer piece = source.next(rest);
        rest -= piece.remaining();
        crc.update(piece.duplicate());
        writer.write(piece);
      }
      checkCrc(at, crc);
      await();
      sent = writer.publish();
    }
  }

  private void checkCrc(long at, CRC32C crc) throws IOException {
    if (read(ExportFormat.CRC_SIZE).getInt() != (int) crc.getValue()) {
      throw damaged(at, "its checksum is wrong");
    }
  }

  private ByteBuffer read(int length) throws IOException {
    return ByteBuffer.wrap(source.read(length));
  }

  private void send() throws InterruptedException {
    await();
    sent = store.write(batch);
    batch = new ArrayList<>();
    batchBytes = 0;
  }

  private void await() {
    try {
      sent.join();
    } catch (CompletionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new StoreException("the import ends: " + cause.getMessage(), cause);
    }
  }

  private static StoreException damaged(long at, String what) {
    return new StoreException(
        "the export is damaged: the entry at byte "
            + at
            + " cannot be read, "
            + what
            + "; entries before it may have been written");
  }
}
