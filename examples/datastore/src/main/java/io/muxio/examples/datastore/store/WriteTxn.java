package io.muxio.examples.datastore.store;

import io.muxio.examples.datastore.store.Tables.Counter;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.lmdbjava.Cursor;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/** One transaction of the writer thread. What is not committed has never been. */
final class WriteTxn implements AutoCloseable {
  /** Longer values are stored in chunks: LMDB needs its pages for one in a row. */
  static final int MAX_INLINE = 4 << 20;

  private final Tables tables;
  private final Headroom headroom;
  private final Txn<ByteBuffer> txn;
  private final ByteBuffer key = ByteBuffer.allocateDirect(KeyForm.MAX_LMDB_KEY);
  private long tail;
  private long nextId;
  private boolean madeGarbage;
  private boolean added;

  WriteTxn(Tables tables, Headroom headroom) {
    this.tables = tables;
    this.headroom = headroom;
    this.txn = tables.env().txnWrite();
    try {
      tail = tables.get(txn, Counter.TAIL);
      nextId = tables.get(txn, Counter.NEXT_ID);
    } catch (RuntimeException e) {
      txn.close();
      throw e;
    }
  }

  void put(byte[] entryKey, byte[] value) {
    if (value.length > MAX_INLINE) {
      putInChunks(entryKey, value);
      return;
    }
    added = true;
    discardOld(entryKey);
    EntryRecord.writeInline(
        entryKey,
        value,
        tables.entries().reserve(txn, key, EntryRecord.inlineSize(entryKey, value.length)));
    tail = LogTail.afterValue(tail, value.length);
  }

  private void putInChunks(byte[] entryKey, byte[] value) {
    long id = nextId++;
    for (int at = 0; at < value.length; at += ChunkRecord.MAX_BYTES) {
      int length = Math.min(ChunkRecord.MAX_BYTES, value.length - at);
      putChunk(id, at / ChunkRecord.MAX_BYTES, ByteBuffer.wrap(value, at, length));
    }
    putChunked(entryKey, id, value.length);
  }

  void delete(byte[] entryKey) {
    if (discardOld(entryKey)) {
      tables.entries().delete(txn, key);
      tail = LogTail.afterTombstone(tail);
    }
  }

  /** Leaves the LMDB key in the buffer. Says whether there was an entry. */
  private boolean discardOld(byte[] entryKey) {
    ByteBuffer stored = tables.entries().get(txn, KeyForm.encode(entryKey, key));
    if (stored == null) {
      return false;
    }
    OptionalLong id = EntryRecord.streamId(entryKey, stored);
    if (id.isPresent()) {
      discard(id.getAsLong());
    }
    return true;
  }

  /** Takes an id for a streamed value, which is garbage until it is published. */
  long beginUpload() {
    long id = nextId++;
    markGarbage(id);
    return id;
  }

  void putChunk(long id, int index, ByteBuffer bytes) {
    ByteBuffer chunkKey =
        ChunkRecord.key(id, index, ByteBuffer.allocateDirect(ChunkRecord.KEY_SIZE));
    ChunkRecord.write(
        chunkKey,
        bytes,
        tables.chunks().reserve(txn, chunkKey, ChunkRecord.HEADER + bytes.remaining()));
  }

  void publish(byte[] entryKey, long id, long length) {
    putChunked(entryKey, id, length);
    tables.garbage().delete(txn, idKey(id));
  }

  private void putChunked(byte[] entryKey, long id, long length) {
    discardOld(entryKey);
    EntryRecord.writeChunked(
        entryKey,
        id,
        length,
        tables.entries().reserve(txn, key, EntryRecord.chunkedSize(entryKey)));
    tail = LogTail.afterValue(tail, length);
  }

  private void discard(long id) {
    markGarbage(id);
    madeGarbage = true;
  }

  private void markGarbage(long id) {
    tables.garbage().put(txn, idKey(id), ByteBuffer.allocateDirect(0));
  }

  /**
   * Deletes chunks of an id that is garbage.
   *
   * @return whether that was all, so that the id is not garbage any more
   */
  boolean collect(long id, int maxChunks) {
    try (Cursor<ByteBuffer> cursor = tables.chunks().openCursor(txn)) {
      ByteBuffer first = ChunkRecord.key(id, 0, ByteBuffer.allocateDirect(ChunkRecord.KEY_SIZE));
      for (int deleted = 0; cursor.get(first, GetOp.MDB_SET_RANGE); deleted++) {
        if (cursor.key().getLong(0) != id) {
          break;
        }
        if (deleted == maxChunks) {
          return false;
        }
        cursor.delete();
      }
    }
    tables.garbage().delete(txn, idKey(id));
    return true;
  }

  private static ByteBuffer idKey(long id) {
    return ByteBuffer.allocateDirect(Long.BYTES).putLong(id).flip();
  }

  /** The length of the log after what this transaction has done so far. */
  long tail() {
    return tail;
  }

  /** Whether there is something to collect; what is being uploaded is open. */
  boolean madeGarbage() {
    return madeGarbage;
  }

  Txn<ByteBuffer> txn() {
    return txn;
  }

  /** Writes it to the file, unless it takes space that is kept back. */
  void commit() {
    if (added) {
      headroom.check(tables.usedBytes(txn), tables.allocatedBytes(txn));
    }
    tables.put(txn, Counter.TAIL, tail);
    tables.put(txn, Counter.NEXT_ID, nextId);
    txn.commit();
  }

  @Override
  public void close() {
    txn.close();
  }
}
