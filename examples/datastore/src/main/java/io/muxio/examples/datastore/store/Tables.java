package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Stat;
import org.lmdbjava.Txn;

/**
 * The tables of a store.
 *
 * @param env LMDB
 * @param entries LMDB key of a key ({@link KeyForm}) to {@link EntryRecord}
 * @param chunks pieces of streamed values, {@link ChunkRecord}
 * @param garbage ids, u64, of streamed values that no entry has: being written, replaced, deleted
 * @param meta the counters, by name: u64
 */
record Tables(
    Env<ByteBuffer> env,
    Dbi<ByteBuffer> entries,
    Dbi<ByteBuffer> chunks,
    Dbi<ByteBuffer> garbage,
    Dbi<ByteBuffer> meta) {
  static final int COUNT = 4;

  private static final int META_PAGES = 2;

  /** The format's version, the length of the log ({@link LogTail}), the next streamed value. */
  enum Counter {
    VERSION,
    TAIL,
    NEXT_ID;

    private ByteBuffer key() {
      byte[] name = name().getBytes(StandardCharsets.US_ASCII);
      return ByteBuffer.allocateDirect(name.length).put(name).flip();
    }
  }

  private static final long VERSION = 1;

  /** Opens the tables, and makes them where they are missing. */
  static Tables open(Env<ByteBuffer> env) {
    Tables tables =
        new Tables(
            env,
            env.openDbi("entries", DbiFlags.MDB_CREATE),
            env.openDbi("chunks", DbiFlags.MDB_CREATE),
            env.openDbi("garbage", DbiFlags.MDB_CREATE),
            env.openDbi("meta", DbiFlags.MDB_CREATE));
    tables.checkVersion();
    return tables;
  }

  private void checkVersion() {
    try (Txn<ByteBuffer> txn = env.txnRead()) {
      Long version = find(txn, Counter.VERSION);
      if (version != null && version != VERSION) {
        throw new StoreException(
            "its format is version " + version + " (expected: " + VERSION + ")");
      }
      if (version != null) {
        return;
      }
      if (entries.stat(txn).entries != 0) {
        throw new StoreException("it has entries and no version (expected: " + VERSION + ")");
      }
    }
    try (Txn<ByteBuffer> txn = env.txnWrite()) {
      put(txn, Counter.VERSION, VERSION);
      txn.commit();
    }
  }

  long get(Txn<ByteBuffer> txn, Counter counter) {
    Long value = find(txn, counter);
    return value == null ? 0 : value;
  }

  private @Nullable Long find(Txn<ByteBuffer> txn, Counter counter) {
    ByteBuffer value = meta.get(txn, counter.key());
    if (value != null && value.remaining() != Long.BYTES) {
      throw new StoreException("its counter " + counter + " is damaged");
    }
    return value == null ? null : value.getLong(0);
  }

  void put(Txn<ByteBuffer> txn, Counter counter, long value) {
    meta.reserve(txn, counter.key(), Long.BYTES).putLong(value);
  }

  /**
   * Bytes of pages that hold something in a transaction; those that list free pages are not known.
   */
  long usedBytes(Txn<ByteBuffer> txn) {
    long pages = META_PAGES;
    for (Stat table :
        List.of(
            env.stat(), entries.stat(txn), chunks.stat(txn), garbage.stat(txn), meta.stat(txn))) {
      pages += table.branchPages + table.leafPages + table.overflowPages;
    }
    return pages * entries.stat(txn).pageSize;
  }

  /** Bytes of all pages as of the last commit. */
  long allocatedBytes(Txn<ByteBuffer> txn) {
    return (env.info().lastPageNumber + 1) * entries.stat(txn).pageSize;
  }
}
