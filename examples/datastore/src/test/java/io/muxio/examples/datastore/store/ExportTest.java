package io.muxio.examples.datastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {
  @TempDir Path directory;

  private final Random random = new Random(3);

  private Store open(String name) {
    return Store.open(StoreOptions.builder(directory.resolve(name)).sync(SyncPolicy.OS).build());
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    bytes[0] = 1;
    return bytes;
  }

  private static byte[] export(Store store) throws Exception {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    List<Long> progress = new ArrayList<>();
    long count =
        store.exportTo(Channels.newChannel(target), (entries, bytes) -> progress.add(entries));
    assertThat(count).isEqualTo(store.count()).isEqualTo(progress.size());
    return target.toByteArray();
  }

  private static long importInto(Store store, byte[] export) throws Exception {
    return store.importFrom(Channels.newChannel(new ByteArrayInputStream(export)), Progress.NONE);
  }

  @Test
  void givesAnotherStoreTheSameEntries() throws Exception {
    Model model = new Model();
    List<Entry> batch = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      batch.add(new Entry(Model.bytes("key " + i), random(1 + i)));
    }
    batch.add(new Entry(new byte[0], random(1)));
    batch.add(new Entry(random(5_000), random(5)));
    batch.add(new Entry(random(6), random(WriteTxn.MAX_INLINE + 10)));
    byte[] export;
    try (Store store = open("one")) {
      store.write(batch).get(30, TimeUnit.SECONDS);
      byte[] streamed = random(9_000_000);
      try (ValueWriter writer = store.openWriter(new byte[] {9})) {
        writer.write(ByteBuffer.wrap(streamed));
        writer.publish().get(30, TimeUnit.SECONDS);
      }
      model.write(batch);
      model.put(new byte[] {9}, streamed);
      model.check(store);
      export = export(store);
    }
    try (Store store = open("two")) {
      assertThat(importInto(store, export)).isEqualTo(2_504);
      assertThat(store.count()).isEqualTo(2_504);
      assertThat(store.verify(Progress.NONE).isSound()).isTrue();
      model.entries.forEach(
          (key, value) ->
              assertThat(store.get(Model.bytes(key), Integer.MAX_VALUE)).contains(value));
      assertThat(export(store)).isEqualTo(export);
    }
  }

  @Test
  void anEmptyStoreIsAnExportToo() throws Exception {
    try (Store one = open("one");
        Store two = open("two")) {
      byte[] export = export(one);
      assertThat(export).hasSize(ExportFormat.START_SIZE + ExportFormat.HEAD_SIZE);
      assertThat(importInto(two, export)).isZero();
      assertThat(two.tail()).isZero();
    }
  }

  @Test
  void tellsOfEveryFlippedBitAndEveryMissingEnd() throws Exception {
    byte[] export;
    try (Store store = open("one")) {
      store
          .write(
              List.of(new Entry(new byte[] {1}, random(40)), new Entry(new byte[600], random(9))))
          .get(30, TimeUnit.SECONDS);
      export = export(store);
    }
    try (Store store = open("two")) {
      for (int at = 0; at < export.length; at++) {
        byte[] damaged = export.clone();
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        assertThatThrownBy(() -> importInto(store, damaged))
            .as("byte %d", at)
            .isInstanceOf(StoreException.class);
        byte[] cut = Arrays.copyOf(export, at);
        assertThatThrownBy(() -> importInto(store, cut))
            .isInstanceOf(StoreException.class)
            .hasMessage("the export is cut off: it ends at byte " + at);
      }
    }
  }

  @Test
  void allocatesForWhatComesAndNotForWhatIsClaimed() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Store store = open("two")) {
      assertThatThrownBy(() -> importInto(store, cutOff(Entry.MAX_KEY_SIZE + 1, 1)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("33554433 bytes of key (expected: at most 33554432)");
      long before = threads.getCurrentThreadAllocatedBytes();
      for (byte[] export : List.of(cutOff(Entry.MAX_KEY_SIZE, 1), cutOff(0, WriteTxn.MAX_INLINE))) {
        assertThatThrownBy(() -> importInto(store, export))
            .isInstanceOf(StoreException.class)
            .hasMessage("the export is cut off: it ends at byte 24");
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(3 << 20);
    }
  }

  /** An export that ends with the head of its first entry. */
  @Test
  void twoExportsInOneFileAreNotTakenForOne() throws Exception {
    try (Store store = Store.open(StoreOptions.builder(directory.resolve("from")).build())) {
      store.write(List.of(new Entry(new byte[] {1}, new byte[] {2}))).get(30, TimeUnit.SECONDS);
      ByteArrayOutputStream export = new ByteArrayOutputStream();
      store.exportTo(Channels.newChannel(export), Progress.NONE);
      int length = export.size();
      export.writeBytes(export.toByteArray());

      assertThatThrownBy(() -> importInto(store, export.toByteArray()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("ends at byte " + length);
    }
  }

  private static byte[] cutOff(int keyLength, long valueLength) {
    return ByteBuffer.allocate(ExportFormat.START_SIZE + ExportFormat.HEAD_SIZE)
        .put(ExportFormat.start())
        .put(ExportFormat.head(keyLength, valueLength))
        .array();
  }

  @Test
  void aLongKeyGoesThere() throws Exception {
    Entry entry = new Entry(random(1_000_001), random(1_000_003));
    byte[] export;
    try (Store store = open("one")) {
      store.write(List.of(entry)).get(30, TimeUnit.SECONDS);
      export = export(store);
    }
    try (Store store = open("two")) {
      assertThat(importInto(store, export)).isEqualTo(1);
      assertThat(store.get(entry.key, Integer.MAX_VALUE)).contains(entry.value);
      assertThatThrownBy(() -> store.openWriter(new byte[Entry.MAX_KEY_SIZE + 1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("key: 33554433 bytes (expected: at most 33554432)");
    }
  }

  @Test
  void aLongValueThatIsDamagedIsNotWritten() throws Exception {
    byte[] key = {1};
    byte[] export;
    try (Store store = open("one")) {
      store.write(List.of(new Entry(key, random(5_000_000)))).get(30, TimeUnit.SECONDS);
      export = export(store);
    }
    export[4_000_000]++;
    try (Store store = open("two")) {
      store.write(List.of(new Entry(key, key))).get(30, TimeUnit.SECONDS);
      assertThatThrownBy(() -> importInto(store, export))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("the entry at byte 8 cannot be read, its checksum is wrong");
      assertThat(store.get(key, 1)).contains(key);
    }
  }
}
