package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lmdbjava.Cursor;
import org.lmdbjava.LmdbException;

/**
 * Reads one snapshot from end to end, and notes what is wrong. Holds a few bytes for each stream.
 */
final class Verification {
  private final ReadTxn snapshot;
  private final Tables tables;
  private final Runnable requireOpen;
  private final Progress progress;
  private final List<String> problems = new ArrayList<>();

  /** Lengths of the streamed values that entries have, by id. */
  private final Map<Long, Long> streams = new HashMap<>();

  private final Set<Long> garbage = new HashSet<>();
  private long entries;
  private long chunks;
  private long bytes;
  private long problemCount;

  /** The third is called for each piece, and ends it with what it throws. */
  Verification(ReadTxn snapshot, Tables tables, Runnable requireOpen, Progress progress) {
    this.snapshot = snapshot;
    this.tables = tables;
    this.requireOpen = requireOpen;
    this.progress = progress;
  }

  StoreReport run() {
    try {
      checkGarbage();
      checkEntries();
      checkChunks();
      checkCounters();
    } catch (LmdbException e) {
      problem("LMDB cannot read on: " + e.getMessage());
    }
    return new StoreReport(entries, chunks, bytes, problemCount, problems);
  }

  private void problem(String what) {
    problemCount++;
    if (problems.size() < StoreReport.MAX_PROBLEMS) {
      problems.add(what);
    }
  }

  private void checkGarbage() {
    try (Cursor<ByteBuffer> cursor = tables.garbage().openCursor(snapshot.txn())) {
      for (boolean found = cursor.first(); found; found = cursor.next()) {
        if (cursor.key().remaining() == Long.BYTES) {
          garbage.add(cursor.key().getLong(0));
        } else {
          problem("an id of garbage has " + cursor.key().remaining() + " bytes (expected: 8)");
        }
      }
    }
  }

  private void checkEntries() {
    try (Cursor<ByteBuffer> cursor = tables.entries().openCursor(snapshot.txn())) {
      for (boolean found = cursor.first(); found; found = cursor.next()) {
        requireOpen.run();
        entries++;
        try {
          checkEntry(cursor.key(), cursor.val());
        } catch (StoreException e) {
          problem(String.valueOf(e.getMessage()));
        }
        progress.onProgress(entries, bytes);
      }
    }
    long expected = tables.entries().stat(snapshot.txn()).entries;
    if (entries != expected) {
      problem("there are " + entries + " entries (expected: " + expected + ")");
    }
  }

  private void checkEntry(ByteBuffer lmdbKey, ByteBuffer stored) {
    byte[] key = EntryRecord.key(lmdbKey, stored);
    EntryRecord entry = snapshot.find(key);
    if (entry == null || !KeyForm.isKeyOf(lmdbKey, key)) {
      problem(KeyForm.show(key) + " is at the place of another");
      return;
    }
    bytes += entry.length();
    if (entry.isChunked()) {
      checkStream(KeyForm.show(key), entry);
    }
  }

  private void checkStream(String key, EntryRecord entry) {
    if (streams.put(entry.id(), entry.length()) != null) {
      problem(key + " has stream " + entry.id() + ", as another has");
    }
    if (garbage.contains(entry.id())) {
      problem(key + " has stream " + entry.id() + ", which is garbage");
    }
    long rest = entry.length();
    for (int index = 0; rest > 0; index++) {
      requireOpen.run();
      int length = snapshot.chunk(entry.id(), index).remaining();
      if (length != Math.min(rest, ChunkRecord.MAX_BYTES)) {
        problem(key + ": its chunk " + index + " has " + length + " bytes, " + rest + " missing");
        return;
      }
      rest -= length;
    }
  }

  private void checkChunks() {
    try (Cursor<ByteBuffer> cursor = tables.chunks().openCursor(snapshot.txn())) {
      for (boolean found = cursor.first(); found; found = cursor.next()) {
        requireOpen.run();
        chunks++;
        if (cursor.key().remaining() != ChunkRecord.KEY_SIZE) {
          problem("a chunk's key has " + cursor.key().remaining() + " bytes (expected: 12)");
          continue;
        }
        Long length = streams.get(cursor.key().getLong(0));
        long at = cursor.key().getInt(Long.BYTES) * (long) ChunkRecord.MAX_BYTES;
        boolean isGarbage = garbage.contains(cursor.key().getLong(0));
        if (!isGarbage && (length == null || at >= length)) {
          problem(ChunkRecord.show(cursor.key()) + " belongs to no entry");
        }
      }
    }
  }

  private void checkCounters() {
    long next = tables.get(snapshot.txn(), Tables.Counter.NEXT_ID);
    long tail = tables.get(snapshot.txn(), Tables.Counter.TAIL);
    long last = -1;
    for (long id : streams.keySet()) {
      last = Math.max(last, id);
    }
    for (long id : garbage) {
      last = Math.max(last, id);
    }
    if (last >= next) {
      problem("there is a stream " + last + ", and the next would be " + next);
    }
    if (tail < bytes) {
      problem("the tail is " + tail + ", less than the " + bytes + " bytes of the values");
    }
  }
}
