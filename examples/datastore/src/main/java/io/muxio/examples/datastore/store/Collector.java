package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.GetOp;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the chunks of streamed values that nobody refers to and nobody has open, a few in a
 * transaction, so that writes do not wait for it. It looks when something became garbage or garbage
 * was closed, not after each write: many may be open for long. On the writer thread.
 */
final class Collector {
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
  private static final int CHUNKS_PER_STEP = 64;

  private final Tables tables;
  private final Headroom headroom;
  private final OpenValues openValues;

  /** Whether there may be something; at the start there may be what a crash left. */
  private boolean wanted = true;

  /** Whether something became garbage behind the place where the search is. */
  private boolean again;

  /** Whether the disk was full: tried again when idle. */
  private boolean failed;

  /** The least id that this search has not looked at yet. */
  private long position;

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
    again |= madeGarbage;
    wanted |= madeGarbage;
  }

  /**
   * Does a little of the work, if there is any.
   *
   * @param idle whether nothing waits to be written
   */
  void step(boolean idle) {
    if (openValues.takeSomeToCollect() || (failed && idle)) {
      failed = false;
      onCommit(true);
    }
    if (wanted) {
      collect();
    }
  }

  private void collect() {
    OptionalLong id = OptionalLong.empty();
    try (WriteTxn txn = new WriteTxn(tables, headroom)) {
      id = openValues.search(isOpen -> next(txn.txn(), isOpen));
      if (id.isPresent()) {
        boolean done = txn.collect(id.getAsLong(), CHUNKS_PER_STEP);
        txn.commit();
        position = id.getAsLong() + (done ? 1 : 0);
      } else {
        position = 0;
        wanted = again;
        again = false;
      }
    } catch (LmdbException | StoreException e) {
      failed = true;
      wanted = headroom.giveUp();
      if (!wanted) {
        tellDamage("they cannot be deleted", e);
      }
    } catch (RuntimeException e) { // of what is damaged: the writer must live
      wanted = id.isPresent();
      position = wanted ? id.getAsLong() + 1 : 0;
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

  private OptionalLong next(Txn<ByteBuffer> txn, LongPredicate isOpen) {
    ByteBuffer from = ByteBuffer.allocateDirect(Long.BYTES).putLong(position).flip();
    try (Cursor<ByteBuffer> cursor = tables.garbage().openCursor(txn)) {
      for (boolean found = cursor.get(from, GetOp.MDB_SET_RANGE); found; found = cursor.next()) {
        if (cursor.key().remaining() != Long.BYTES) {
          tellDamage("an id has " + cursor.key().remaining() + " bytes (expected: 8)", null);
        } else if (!isOpen.test(cursor.key().getLong(0))) {
          return OptionalLong.of(cursor.key().getLong(0));
        }
      }
    }
    return OptionalLong.empty();
  }
}
