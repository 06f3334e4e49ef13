package io.muxio.examples.datastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that can hold no more keeps what it has, says so, and takes more when there is room. */
class FullTest {
  @TempDir Path directory;

  private final Model model = new Model();
  private int next;

  @ParameterizedTest
  @ValueSource(ints = {100, 3_000, 100_000})
  void ofItsMaximumSize(int valueBytes) throws Exception {
    StoreOptions options =
        StoreOptions.builder(directory).sync(SyncPolicy.OS).maxSize(8 << 20).build();
    fillAndGoOn(
        options,
        valueBytes,
        "it has reached its maximum size of 8388608 bytes; delete entries, or open it with a"
            + " larger maxSize");
    try (Store store =
        Store.open(StoreOptions.builder(directory).sync(SyncPolicy.OS).maxSize(9 << 20).build())) {
      fill(store, 1, valueBytes);
      model.check(store);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 3_000, 100_000})
  void onAFullDisk(int valueBytes) throws Exception {
    try (SmallDisk disk = new SmallDisk(directory, 6)) {
      fillAndGoOn(
          StoreOptions.builder(disk.directory.resolve("store")).build(),
          valueBytes,
          "the disk is full");
    }
  }

  private void fillAndGoOn(StoreOptions options, int valueBytes, String message) throws Exception {
    try (Store store = Store.open(options)) {
      Throwable failure = fill(store, Integer.MAX_VALUE, valueBytes);
      assertThat(failure).isInstanceOf(StoreException.class).hasMessageContaining(message);
      model.check(store);
      byte[] piece = new byte[100_000];
      ValueWriter writer = store.openWriter(new byte[] {1});
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  writer.write(ByteBuffer.wrap(piece));
                }
              })
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(message);
    }
    try (Store store = Store.open(options)) {
      model.check(store);
      int half = next / 2;
      for (int i = 0; i < half; i++) {
        assertThat(store.delete(key(i)).get(30, TimeUnit.SECONDS)).isEqualTo(model.delete(key(i)));
      }
      model.check(store);
      fill(store, half / 2, valueBytes);
      await().until(() -> store.stats().garbage() == 0);
      model.check(store);
    }
    try (Store store = Store.open(options)) {
      model.check(store);
    }
  }

  private static byte[] key(int number) {
    return Model.bytes("key " + number);
  }

  /** Writes in groups up to a number of entries or the first failure, which is given. */
  private Throwable fill(Store store, int entries, int valueBytes) throws Exception {
    Throwable failure = null;
    for (int written = 0; written < entries && failure == null; ) {
      List<CompletableFuture<Long>> group = new ArrayList<>();
      int first = next;
      for (int i = 0; i < 10 && written < entries; i++, written++) {
        group.add(store.write(List.of(new Entry(key(next++), new byte[valueBytes]))));
      }
      for (int i = 0; i < group.size(); i++) {
        try {
          long tail = group.get(i).get(30, TimeUnit.SECONDS);
          assertThat(tail).isEqualTo(model.put(key(first + i), new byte[valueBytes]));
        } catch (ExecutionException e) {
          failure = e.getCause();
        }
      }
    }
    return failure;
  }

  @Test
  void aReadOnlyFileSystemIsToldAtTheOpening() throws Exception {
    try (SmallDisk disk = new SmallDisk(directory, 6)) {
      StoreOptions options = StoreOptions.builder(disk.directory.resolve("store")).build();
      Store.open(options).close();
      disk.makeReadOnly();
      assertThatThrownBy(() -> Store.open(options))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("cannot open " + options.directory())
          .hasMessageContaining("Read-only file system");
    }
  }
}
