package io.muxio.examples.datastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTest {
  private static final byte[] KEY = {1, 2, 3};

  @TempDir Path directory;

  private Store open() {
    return Store.open(StoreOptions.builder(directory).sync(SyncPolicy.OS).build());
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static long stream(Store store, byte[] value, int pieceSize) throws Exception {
    try (ValueWriter writer = store.openWriter(KEY)) {
      for (int at = 0; at < value.length; at += pieceSize) {
        writer.write(ByteBuffer.wrap(value, at, Math.min(pieceSize, value.length - at)));
      }
      return writer.publish().get(30, TimeUnit.SECONDS);
    }
  }

  private static byte[] readAll(ValueReader reader) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer piece = reader.next(); piece != null; piece = reader.next()) {
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  private static void awaitNoGarbage(Store store, long chunks) {
    await()
        .untilAsserted(
            () -> {
              assertThat(store.stats().garbage()).isZero();
              assertThat(store.stats().chunks()).isEqualTo(chunks);
            });
  }

  @Test
  void streamsValuesOfLengthsAroundAPiece() throws Exception {
    Model model = new Model();
    try (Store store = open()) {
      for (int length :
          new int[] {
            1,
            100,
            ChunkRecord.MAX_BYTES - 1,
            ChunkRecord.MAX_BYTES,
            ChunkRecord.MAX_BYTES + 1,
            2 * ChunkRecord.MAX_BYTES,
            3_000_000
          }) {
        byte[] value = random(length);
        assertThat(stream(store, value, 70_001)).isEqualTo(model.put(KEY, value));
        model.check(store);
        try (ValueReader reader = store.openReader(KEY).orElseThrow()) {
          assertThat(reader.length()).isEqualTo(length);
          assertThat(readAll(reader)).isEqualTo(value);
        }
      }
      awaitNoGarbage(store, 12);
    }
  }

  @Test
  void readsALongBatchValueAsAStream() throws Exception {
    byte[] value = random(WriteTxn.MAX_INLINE + 1);
    try (Store store = open()) {
      store.write(List.of(new Entry(KEY, value))).get(30, TimeUnit.SECONDS);
      assertThat(store.get(KEY, value.length)).contains(value);
      try (ValueReader reader = store.openReader(KEY).orElseThrow()) {
        assertThat(readAll(reader)).isEqualTo(value);
      }
      assertThat(store.openReader(new byte[0])).isEmpty();
      store.delete(KEY).get(30, TimeUnit.SECONDS);
      awaitNoGarbage(store, 0);
    }
  }

  @Test
  void streamsMoreThanItHolds() throws Exception {
    byte[] piece = random(100_000);
    CRC32C written = new CRC32C();
    CRC32C read = new CRC32C();
    try (Store store = open()) {
      ValueWriter writer = store.openWriter(KEY);
      for (int i = 0; i < 671; i++) {
        piece[0] = (byte) i;
        written.update(piece);
        writer.write(ByteBuffer.wrap(piece));
      }
      writer.publish().get(30, TimeUnit.SECONDS);
      try (ValueReader reader = store.openReader(KEY).orElseThrow()) {
        assertThat(reader.length()).isEqualTo(67_100_000);
        for (ByteBuffer next = reader.next(); next != null; next = reader.next()) {
          assertThat(next.remaining()).isLessThanOrEqualTo(ChunkRecord.MAX_BYTES);
          read.update(next);
        }
      }
      assertThat(read.getValue()).isEqualTo(written.getValue());
      assertThatThrownBy(() -> store.get(KEY, 1_000_000))
          .isInstanceOf(ValueTooLongException.class)
          .hasMessageContaining("read it as a stream");
    }
  }

  @Test
  void aReaderKeepsAValueThatIsReplacedAndDeleted() throws Exception {
    byte[] value = random(2_000_000);
    try (Store store = open()) {
      stream(store, value, 2_000_000);
      ValueReader reader = store.openReader(KEY).orElseThrow();
      ByteBuffer first = reader.next();
      stream(store, random(1_000_000), 1_000_000);
      store.delete(KEY).get(30, TimeUnit.SECONDS);
      await().until(() -> store.stats().garbage() == 1);
      assertThat(first).isNotNull();
      ByteBuffer all = ByteBuffer.allocate(value.length).put(first);
      all.put(readAll(reader));
      assertThat(all.array()).isEqualTo(value);
      assertThat(store.stats().garbage()).isEqualTo(1);
      reader.close();
      reader.close();
      assertThatThrownBy(reader::next).isInstanceOf(IllegalStateException.class);
      awaitNoGarbage(store, 0);
    }
  }

  @Test
  void collectsAmongUploadsThatStayOpen() throws Exception {
    try (Store store = open()) {
      List<ValueWriter> uploads = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        uploads.add(store.openWriter(new byte[] {(byte) i}));
        uploads.get(i).write(ByteBuffer.wrap(random(ChunkRecord.MAX_BYTES + 1)));
      }
      await().until(() -> store.stats().garbage() == 20);
      for (int i = 1; i < 20; i += 2) {
        uploads.get(i).abort();
      }
      stream(store, random(20_000_000), 1_000_000);
      store.delete(KEY).get(30, TimeUnit.SECONDS);
      await().until(() -> store.stats().garbage() == 10 && store.stats().chunks() == 10);
      for (int i = 0; i < 20; i += 2) {
        uploads.get(i).publish().get(30, TimeUnit.SECONDS);
      }
      awaitNoGarbage(store, 20);
      assertThat(store.count()).isEqualTo(10);
      assertThat(store.verify(Progress.NONE).problems()).isEmpty();
    }
  }

  @Test
  void aReaderThatIsOpenedWhileItsValueIsReplacedHasAWholeOne() throws Exception {
    byte[] value = random(2 * ChunkRecord.MAX_BYTES);
    try (Store store = open()) {
      stream(store, value, value.length);
      CompletableFuture<Void> replaced =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 100; i++) {
                  try {
                    stream(store, value, value.length);
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }
              });
      do {
        try (ValueReader reader = store.openReader(KEY).orElseThrow()) {
          assertThat(readAll(reader)).isEqualTo(value);
        }
      } while (!replaced.isDone());
      replaced.get(30, TimeUnit.SECONDS);
      awaitNoGarbage(store, 2);
    }
  }

  @Test
  void anAbortedValueLeavesNothing() throws Exception {
    try (Store store = open()) {
      stream(store, new byte[] {7}, 1);
      ValueWriter writer = store.openWriter(KEY);
      writer.write(ByteBuffer.wrap(random(3_000_000)));
      assertThat(store.get(KEY, 1)).contains(new byte[] {7});
      writer.abort();
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("ABORTED");
      assertThatThrownBy(writer::publish).isInstanceOf(IllegalStateException.class);
      awaitNoGarbage(store, 0);
      assertThat(store.get(KEY, 1)).contains(new byte[] {7});
    }
  }

  @Test
  void refusesWhatAnEntryRefuses() {
    try (Store store = open()) {
      assertThatThrownBy(() -> store.openWriter(KEY).publish())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Payload cannot be empty.");
      assertThatThrownBy(() -> stream(store, new byte[1], 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("NULL-byte payloads cannot be written directly.");
      assertThat(store.isEmpty()).isTrue();
    }
  }

  @Test
  void anUploadThatTheCloseCutOffIsCollectedAtTheNextOpen() throws Exception {
    ValueWriter writer;
    try (Store store = open()) {
      writer = store.openWriter(KEY);
      writer.write(ByteBuffer.wrap(random(20_000_000)));
      assertThat(store.stats().garbage()).isEqualTo(1);
    }
    assertThatThrownBy(() -> writer.write(ByteBuffer.wrap(random(3_000_000))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    try (Store store = open()) {
      awaitNoGarbage(store, 0);
      assertThat(store.isEmpty()).isTrue();
    }
  }
}
