package io.muxio.examples.datastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreTest {
  private static final int ANY = Integer.MAX_VALUE;

  @TempDir Path directory;

  private Store open() {
    return Store.open(options().build());
  }

  /** Without a sync for each of the thousands of writes. */
  private StoreOptions.Builder options() {
    return StoreOptions.builder(directory).sync(SyncPolicy.OS);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (length == 1 && bytes[0] == 0) {
      bytes[0] = 1;
    }
    return bytes;
  }

  private static long write(Store store, byte[] key, byte[] value) throws Exception {
    return store.write(List.of(new Entry(key, value))).get(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void doesWhatTheModelDoes(long seed) throws Exception {
    Random random = new Random(seed);
    Model model = new Model();
    Store store = open();
    for (int step = 0; step < 600; step++) {
      byte[] key = key(random);
      switch (random.nextInt(12)) {
        case 0 -> {
          store.close();
          store = open();
          model.check(store);
        }
        case 1, 2, 3 ->
            assertThat(store.delete(key).get(30, TimeUnit.SECONDS)).isEqualTo(model.delete(key));
        case 4, 5 -> {
          List<Entry> batch = new ArrayList<>();
          for (int i = random.nextInt(20); i > 0; i--) {
            batch.add(new Entry(key(random), random(random, 1 + random.nextInt(300))));
          }
          assertThat(store.write(batch).get(30, TimeUnit.SECONDS)).isEqualTo(model.write(batch));
        }
        default -> {
          byte[] value = random(random, 1 + random.nextInt(1 << random.nextInt(16)));
          assertThat(write(store, key, value)).isEqualTo(model.put(key, value));
        }
      }
    }
    model.check(store);
    store.close();
  }

  /** Few, so that they meet: of 0 to 3 bytes and around the length from which keys are digests. */
  private static byte[] key(Random random) {
    int kind = random.nextInt(40);
    return kind < 20
        ? bytes("k" + kind)
        : random(new Random(kind), kind < 24 ? kind - 20 : kind < 36 ? 484 + kind : kind * 97);
  }

  @Test
  void refusesWhatTheLogRefuses() throws Exception {
    assertThatThrownBy(() -> new Entry(bytes("k"), new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Payload cannot be empty.");
    assertThatThrownBy(() -> new Entry(bytes("k"), new byte[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("NULL-byte payloads cannot be written directly.");
    try (Store store = open()) {
      assertThat(write(store, new byte[0], new byte[2])).isEqualTo(22);
      assertThat(store.get(new byte[0], 2)).contains(new byte[2]);
    }
  }

  @Test
  void theLastOfEqualKeysWinsAndAnEmptyBatchIsOne() throws Exception {
    try (Store store = open()) {
      assertThat(store.write(List.of()).get(30, TimeUnit.SECONDS)).isZero();
      byte[] key = bytes("k");
      List<Entry> batch =
          List.of(
              new Entry(key, bytes("one")),
              new Entry(bytes("other"), bytes("x")),
              new Entry(key, bytes("two")));
      assertThat(store.write(batch).get(30, TimeUnit.SECONDS)).isEqualTo(128 + 23);
      assertThat(store.get(key, ANY)).contains(bytes("two"));
      assertThat(store.delete(bytes("none")).get(30, TimeUnit.SECONDS)).isEqualTo(128 + 23);
      assertThat(store.delete(key).get(30, TimeUnit.SECONDS)).isEqualTo(128 + 23 + 21);
      assertThat(store.count()).isEqualTo(1);
    }
  }

  @Test
  void keepsLargeBatchesAndValues() throws Exception {
    Model model = new Model();
    byte[] large = random(new Random(7), 10 << 20);
    List<Entry> batch = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      batch.add(new Entry(bytes("key " + i), bytes("value " + i)));
    }
    try (Store store = Store.open(StoreOptions.builder(directory).build())) {
      assertThat(store.write(batch).get(30, TimeUnit.SECONDS)).isEqualTo(model.write(batch));
      assertThat(write(store, bytes("large"), large)).isEqualTo(model.put(bytes("large"), large));
      assertThatThrownBy(() -> store.get(bytes("large"), (10 << 20) - 1))
          .isInstanceOf(ValueTooLongException.class)
          .hasMessageContaining("10485760 bytes (expected: at most 10485759); read it as a stream");
    }
    try (Store store = open()) {
      model.check(store);
    }
  }

  @Test
  void readsAValueWhereItLies() throws Exception {
    try (Store store = open()) {
      write(store, bytes("k"), bytes("value"));
      Optional<Integer> length =
          store.read(
              bytes("k"),
              5,
              value -> {
                assertThat(value.isDirect()).isTrue();
                assertThat(value.isReadOnly()).isTrue();
                return value.remaining();
              });
      assertThat(length).contains(5);
      assertThat(store.read(bytes("none"), 5, value -> 1)).isEmpty();
    }
  }

  @Test
  void readsSeveralValuesOfOneMoment() throws Exception {
    try (Store store = open()) {
      List<byte[]> keys = List.of(bytes("a"), bytes("none"), bytes("b"));
      Thread reader = Thread.currentThread();
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 2_000 && reader.isAlive(); i++) {
                  byte[] value = bytes("round " + i);
                  try {
                    store.write(
                        List.of(new Entry(keys.get(0), value), new Entry(keys.get(2), value)));
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                }
              });
      for (int i = 0; i < 2_000; i++) {
        List<Optional<byte[]>> values = store.getAll(keys, 100);
        assertThat(values.get(1)).isEmpty();
        assertThat(values.get(0).map(String::new)).isEqualTo(values.get(2).map(String::new));
      }
      writing.get(30, TimeUnit.SECONDS);
      store.write(List.of()).get(30, TimeUnit.SECONDS);
      assertThatThrownBy(() -> store.getAll(keys, 12)).isInstanceOf(ValueTooLongException.class);
    }
  }

  @Test
  void writersAndReadersGetAlong() throws Exception {
    try (Store store = open()) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        String name = "thread " + thread + " ";
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  try {
                    for (int i = 0; i < 300; i++) {
                      byte[] key = bytes(name + i);
                      write(store, key, bytes("value of " + name + i));
                      assertThat(store.get(key, ANY)).contains(bytes("value of " + name + i));
                    }
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
      assertThat(store.count()).isEqualTo(8 * 300);
    }
  }

  @Test
  void closesUnderReadsAndWrites() throws Exception {
    Store store = open();
    write(store, bytes("k"), bytes("value"));
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Optional<String>> reading =
        CompletableFuture.supplyAsync(
            () ->
                store.read(
                    bytes("k"),
                    ANY,
                    value -> {
                      started.countDown();
                      awaitUninterrupted(goOn);
                      return StandardCharsets.UTF_8.decode(value).toString();
                    }));
    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    List<CompletableFuture<Long>> queued = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      queued.add(store.write(List.of(new Entry(bytes("k" + i), bytes("value")))));
    }
    CompletableFuture<Void> closing = CompletableFuture.runAsync(store::close);
    for (CompletableFuture<Long> write : queued) {
      write.get(30, TimeUnit.SECONDS);
    }
    goOn.countDown();
    assertThat(reading.get(30, TimeUnit.SECONDS)).contains("value");
    closing.get(30, TimeUnit.SECONDS);
    store.close();
    assertThatThrownBy(() -> store.get(bytes("k"), ANY)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(store::count).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.delete(bytes("k"))).isInstanceOf(IllegalStateException.class);
    try (Store again = open()) {
      assertThat(again.count()).isEqualTo(101);
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isForOneStoreAtATime() {
    try (Store store = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(
              directory + " is used by this process, pid " + ProcessHandle.current().pid());
      assertThat(store.count()).isZero();
    }
    open().close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"COMMIT", "OS", "INTERVAL"})
  void keepsWhatWasWrittenUnderEachPolicy(String mode) throws Exception {
    SyncPolicy policy =
        mode.equals("INTERVAL")
            ? SyncPolicy.every(Duration.ofMillis(1))
            : new SyncPolicy(SyncPolicy.Mode.valueOf(mode), Duration.ZERO);
    try (Store store = Store.open(options().sync(policy).build())) {
      write(store, bytes("a"), bytes("1"));
      write(store, bytes("b"), bytes("2"));
    }
    try (Store store = open()) {
      assertThat(store.count()).isEqualTo(2);
    }
  }
}
