package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Txn;

/**
 * One snapshot to read from, by one thread at a time. What it gives points into the map and is gone
 * when the snapshot is given back.
 */
final class ReadTxn {
  private final Tables tables;
  private final Txn<ByteBuffer> txn;
  private final ByteBuffer key = ByteBuffer.allocateDirect(KeyForm.MAX_LMDB_KEY);

  ReadTxn(Tables tables) {
    this.tables = tables;
    this.txn = tables.env().txnRead();
  }

  Txn<ByteBuffer> txn() {
    return txn;
  }

  @Nullable EntryRecord find(byte[] entryKey) {
    ByteBuffer stored = tables.entries().get(txn, KeyForm.encode(entryKey, key));
    return stored == null ? null : EntryRecord.parse(entryKey, stored);
  }

  /** Whether there is an entry; its value is not looked at. */
  boolean contains(byte[] entryKey) {
    ByteBuffer stored = tables.entries().get(txn, KeyForm.encode(entryKey, key));
    return stored != null && EntryRecord.hasKey(entryKey, stored);
  }

  ByteBuffer chunk(long id, int index) {
    ByteBuffer chunkKey = ChunkRecord.key(id, index, key);
    ByteBuffer stored = tables.chunks().get(txn, chunkKey);
    if (stored == null) {
      throw new StoreException(ChunkRecord.show(chunkKey) + " is missing");
    }
    return ChunkRecord.parse(chunkKey, stored);
  }

  /** Copies a streamed value together, into an array of its length. */
  ByteBuffer assemble(EntryRecord record) {
    ByteBuffer value = ByteBuffer.allocate(Math.toIntExact(record.length()));
    for (int index = 0; value.hasRemaining(); index++) {
      ByteBuffer chunk = chunk(record.id(), index);
      if (chunk.remaining() > value.remaining()) {
        throw new StoreException(
            "chunk " + index + " of stream " + record.id() + " is longer than its value");
      }
      value.put(chunk);
    }
    return value.flip();
  }
}
