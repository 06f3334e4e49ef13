package io.muxio.examples.datastore.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;

/**
 * Damages a store in many ways and uses what is left. Ends with 0 when nothing was wrong unnoticed.
 */
final class DamageProbe {
  private static final int FLIPS = 400;

  private final Path directory;
  private final Map<String, byte[]> expected = new LinkedHashMap<>();
  private final Random random = new Random(17);
  private int refused;
  private int noticed;
  private int unharmed;

  private DamageProbe(Path directory) {
    this.directory = directory;
  }

  /**
   * The program.
   *
   * @param arguments the directory
   */
  public static void main(String[] arguments) throws Exception {
    new DamageProbe(Path.of(arguments[0])).run();
  }

  private void run() throws Exception {
    fill();
    Path data = directory.resolve(Database.DATA_FILE);
    byte[] sound = Files.readAllBytes(data);
    use("as it was");
    require(unharmed == 1, "an undamaged store was refused");
    for (int flip = 0; flip < FLIPS; flip++) {
      byte[] damaged = sound.clone();
      // Every other one among the first pages, the trees' heads and the newest leaves.
      int at = random.nextInt(flip % 2 == 0 ? sound.length : Math.min(sound.length, 1 << 16));
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(data, damaged);
      use("bit flipped in byte " + at);
    }
    for (int page = 0; page * 4096 < sound.length; page += 1 + page / 16) {
      byte[] damaged = sound.clone();
      Arrays.fill(damaged, page * 4096, page * 4096 + 4096, (byte) 0);
      Files.write(data, damaged);
      use("page " + page + " zeroed");
    }
    for (int length = 1; length < sound.length; length += 1 + length / 7) {
      Files.write(data, Arrays.copyOf(sound, length));
      int before = refused;
      use("cut to " + length);
      require(refused == before + 1, "cut to " + length + " was opened");
    }
    System.out.println(refused + " refused, " + noticed + " noticed, " + unharmed + " unharmed");
    require(refused > 50 && noticed > 20, "the damage was not where it matters");
  }

  private void fill() throws Exception {
    try (Store store = open()) {
      for (int i = 0; i < 600; i++) {
        write(store, "key " + i, i % 50 == 0 ? 9_000 : 1 + i);
      }
      for (int i = 0; i < 600; i += 3) {
        expected.remove("key " + i);
        store.delete(("key " + i).getBytes(StandardCharsets.UTF_8)).get();
      }
      write(store, "long key ".repeat(100), 20);
      byte[] streamed = new byte[600_000];
      random.nextBytes(streamed);
      try (ValueWriter writer = store.openWriter("stream".getBytes(StandardCharsets.UTF_8))) {
        writer.write(ByteBuffer.wrap(streamed));
        writer.publish().get();
      }
      expected.put("stream", streamed);
      // Twice nothing, so that the transaction before the last, which a damaged number of the last
      // brings back, has the same entries.
      store.write(List.of()).get();
      store.write(List.of()).get();
    }
  }

  private void write(Store store, String key, int length) throws Exception {
    byte[] value = new byte[length];
    random.nextBytes(value);
    value[0] = 1;
    store.write(List.of(new Entry(key.getBytes(StandardCharsets.UTF_8), value))).get();
    expected.put(key, value);
  }

  private Store open() {
    return Store.open(
        StoreOptions.builder(directory).sync(SyncPolicy.OS).maxSize(64 << 20).build());
  }

  private void use(String damage) throws Exception {
    try (Store store = open()) {
      StoreReport report = store.verify(Progress.NONE);
      boolean wrong = !report.isSound() || read(store, damage);
      require(!wrong || !report.isSound(), damage + ": verify found nothing");
      if (wrong) {
        noticed++;
      } else {
        unharmed++;
      }
      writeOver(store);
    } catch (StoreException e) {
      refused++;
    } catch (RuntimeException e) {
      throw new IOException(damage, e);
    }
  }

  /** Whether a read failed; a wrong value is never given. */
  private boolean read(Store store, String damage) {
    boolean failed = false;
    for (Map.Entry<String, byte[]> entry : expected.entrySet()) {
      try {
        Optional<byte[]> value =
            store.get(entry.getKey().getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
        require(value.isPresent(), damage + ": " + entry.getKey() + " is not found");
        require(Arrays.equals(value.get(), entry.getValue()), damage + ": a wrong value");
      } catch (StoreException e) {
        failed = true;
      }
    }
    return failed;
  }

  private void writeOver(Store store) throws InterruptedException {
    List<Entry> batch = new ArrayList<>();
    for (String key : expected.keySet()) {
      batch.add(new Entry(key.getBytes(StandardCharsets.UTF_8), new byte[300]));
    }
    try {
      store.write(batch).get();
      store.delete("stream".getBytes(StandardCharsets.UTF_8)).get();
    } catch (ExecutionException e) {
      require(e.getCause() instanceof StoreException, "a write fails with " + e.getCause());
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      System.out.println(otherwise);
      System.exit(1);
    }
  }
}
