package io.muxio.examples.datastore.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;
import org.lmdbjava.Cursor;

/** Writes one snapshot as an {@link ExportFormat}. Holds no more than a piece of a value. */
final class Export {
  private static final int BUFFER_BYTES = 64 << 10;

  private final ReadTxn snapshot;
  private final Tables tables;
  private final WritableByteChannel target;
  private final Runnable requireOpen;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long entries;
  private long bytes;

  /** The last is called for each piece, and ends it with what it throws. */
  Export(ReadTxn snapshot, Tables tables, WritableByteChannel target, Runnable requireOpen) {
    this.snapshot = snapshot;
    this.tables = tables;
    this.target = target;
    this.requireOpen = requireOpen;
  }

  /** Writes all, and says how many entries that are. */
  long run(Progress progress) throws IOException {
    put(ExportFormat.start());
    try (Cursor<ByteBuffer> cursor = tables.entries().openCursor(snapshot.txn())) {
      for (boolean found = cursor.first(); found; found = cursor.next()) {
        requireOpen.run();
        writeEntry(cursor);
        entries++;
        progress.onProgress(entries, bytes);
      }
    }
    put(ExportFormat.head(ExportFormat.TRAILER, entries));
    flush();
    return entries;
  }

  private void writeEntry(Cursor<ByteBuffer> cursor) throws IOException {
    byte[] key = EntryRecord.key(cursor.key(), cursor.val());
    EntryRecord entry = EntryRecord.parse(key, cursor.val());
    if (entry == null) {
      throw new StoreException(KeyForm.show(key) + " is damaged: it is another's");
    }
    CRC32C crc = new CRC32C();
    put(ExportFormat.head(key.length, entry.length()));
    put(ByteBuffer.wrap(key), crc);
    if (!entry.isChunked()) {
      put(entry.value(), crc);
    }
    long rest = entry.isChunked() ? entry.length() : 0;
    for (int index = 0; rest > 0; index++) {
      requireOpen.run();
      ByteBuffer chunk = snapshot.chunk(entry.id(), index);
      rest -= chunk.remaining();
      put(chunk, crc);
    }
    if (rest < 0) {
      throw new StoreException(KeyForm.show(key) + " is damaged: its chunks are too long");
    }
    put(ByteBuffer.allocate(ExportFormat.CRC_SIZE).putInt((int) crc.getValue()).flip());
    bytes += entry.length();
  }

  private void put(ByteBuffer source, CRC32C crc) throws IOException {
    crc.update(source.duplicate());
    put(source);
  }

  private void put(ByteBuffer source) throws IOException {
    if (source.remaining() > buffer.remaining()) {
      flush();
    }
    if (source.remaining() > buffer.remaining()) {
      write(source);
    } else {
      buffer.put(source);
    }
  }

  private void flush() throws IOException {
    write(buffer.flip());
    buffer.clear();
  }

  private void write(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      target.write(source);
    }
  }
}
