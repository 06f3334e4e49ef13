package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.lmdbjava.Cursor;
import org.lmdbjava.Txn;

/**
 * Deletes the chunks of streamed values that nobody refers to and nobody has open, a few in a
 * transaction, so that writes do not wait for it. On the writer thread.
 */
final class Collector {
  private static final int CHUNKS_PER_STEP = 64;

  private final Tables tables;
  private final Headroom headroom;
  private final OpenValues openValues;

  /** Whether there may be something; at the start there may be what a crash left. */
  private boolean wanted = true;

  /** Whether some was left, because it is open or the disk is full: tried again when idle. */
  private boolean someAreOpen;

  Collector(Tables tables, Headroom headroom, OpenValues openValues) {
    this.tables = tables;
    this.headroom = headroom;
    this.openValues = openValues;
  }

  boolean hasWork() {
    return wanted;
  }

  void onCommit(boolean madeGarbage) {
    wanted |= madeGarbage;
  }

  /** Does a little of the work, if there is any. */
  void step() {
    if (!wanted && !someAreOpen) {
      return;
    }
    try (WriteTxn txn = new WriteTxn(tables, headroom)) {
      OptionalLong id = next(txn.txn());
      wanted = id.isPresent();
      if (wanted) {
        txn.collect(id.getAsLong(), CHUNKS_PER_STEP);
        txn.commit();
      }
    } catch (RuntimeException | Error e) { // the thread must live: who writes waits for it
      wanted = headroom.giveUp();
      someAreOpen = true;
    }
  }

  private OptionalLong next(Txn<ByteBuffer> txn) {
    someAreOpen = false;
    try (Cursor<ByteBuffer> cursor = tables.garbage().openCursor(txn)) {
      for (boolean found = cursor.first(); found; found = cursor.next()) {
        long id = cursor.key().getLong(0);
        if (!openValues.mayBeOpen(id)) {
          return OptionalLong.of(id);
        }
        someAreOpen = true;
      }
    }
    return OptionalLong.empty();
  }
}
