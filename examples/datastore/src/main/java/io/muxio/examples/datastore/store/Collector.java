package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the chunks of streamed values that nobody refers to and nobody has open, a few in a
 * transaction, so that writes do not wait for it. On the writer thread.
 */
final class Collector {
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
  private static final int CHUNKS_PER_STEP = 64;

  private final Tables tables;
  private final Headroom headroom;
  private final OpenValues openValues;

  /** Whether there may be something; at the start there may be what a crash left. */
  private boolean wanted = true;

  /** Whether some was left, because it is open or the disk is full: tried again when idle. */
  private boolean someAreOpen;

  private boolean damageTold;

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
    } catch (LmdbException | StoreException e) {
      wanted = headroom.giveUp();
      someAreOpen = true;
      if (!wanted) {
        tellDamage("they cannot be deleted", e);
      }
    } catch (RuntimeException e) { // of what is damaged: the writer must live
      wanted = false;
      someAreOpen = true;
      tellDamage("they cannot be read", e);
    }
  }

  /** Once: it is tried again and again. */
  private void tellDamage(String what, @Nullable Throwable cause) {
    if (!damageTold) {
      damageTold = true;
      LOG.error("values that were replaced or deleted keep their space, {}: verify", what, cause);
    }
  }

  private OptionalLong next(Txn<ByteBuffer> txn) {
    someAreOpen = false;
    try (Cursor<ByteBuffer> cursor = tables.garbage().openCursor(txn)) {
      for (boolean found = cursor.first(); found; found = cursor.next()) {
        if (cursor.key().remaining() != Long.BYTES) {
          tellDamage("an id has " + cursor.key().remaining() + " bytes (expected: 8)", null);
          continue;
        }
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
