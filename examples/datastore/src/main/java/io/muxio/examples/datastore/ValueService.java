package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.Entry;
import io.muxio.examples.datastore.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the published clients ask for, from the store. Writes answer when they are durable. */
final class ValueService implements DataStore {
  /**
   * What one answer may hold; {@link StreamService} has no such bound. The most that a client of
   * ours takes by default; the published ones take anything.
   */
  private static final int MAX_ANSWER_BYTES = 32 << 20;

  private final Store store;

  ValueService(Store store) {
    this.store = store;
  }

  @Override
  public CompletionStage<Long> write(byte[] key, byte[] payload) {
    return batchWrite(List.of(new Item(key, payload)));
  }

  @Override
  public CompletionStage<Long> batchWrite(List<Item> items) {
    return Failures.told(() -> store.write(entries(items)));
  }

  /** Not by the decoder: which values there are is told by a text of the store. */
  private static List<Entry> entries(List<Item> items) {
    List<Entry> entries = new ArrayList<>(items.size());
    for (Item item : items) {
      if (item.payload().length > MAX_ANSWER_BYTES) { // else nobody could read it
        throw new IllegalArgumentException(
            "value: "
                + item.payload().length
                + " bytes (expected: at most "
                + MAX_ANSWER_BYTES
                + "); write it as a stream");
      }
      entries.add(new Entry(item.key(), item.payload()));
    }
    return entries;
  }

  @Override
  public Optional<byte[]> read(Key key) {
    return Failures.of(() -> store.get(key.bytes(), MAX_ANSWER_BYTES));
  }

  @Override
  public List<Optional<byte[]>> batchRead(List<byte[]> keys) {
    return Failures.of(() -> store.getAll(keys, MAX_ANSWER_BYTES));
  }

  @Override
  public CompletionStage<Long> delete(Key key) {
    return Failures.told(() -> store.delete(key.bytes()));
  }

  @Override
  public boolean exists(Key key) {
    return Failures.of(() -> store.contains(key.bytes()));
  }

  @Override
  public long len() {
    return Failures.of(store::count);
  }

  @Override
  public boolean isEmpty() {
    return Failures.of(store::isEmpty);
  }

  @Override
  public long fileSize() {
    return Failures.of(store::tail);
  }
}
