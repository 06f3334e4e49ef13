package io.muxio.examples.datastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed while it writes, at 50 random moments: what was acknowledged is there
 * afterwards, and of a batch all or nothing.
 */
@Timeout(300)
class KillIT {
  private static final int KILLS = 50;
  private static final int WRITERS = 4;
  private static final int BATCH = 20;
  private static final int MAX_DELAY_MILLIS = 60;

  /** What one writer has done in one round. It stops where the server is gone. */
  private static final class Writer {
    final Random random;
    final String name;
    final Map<String, Optional<byte[]>> acknowledged = new HashMap<>();
    List<Item> unknown = List.of();

    Writer(int round, int number) {
      random = new Random(round * 100L + number);
      name = round + "-" + number + "-";
    }

    void run(DataStore store, Semaphore begun) {
      try {
        for (int sequence = 0; ; sequence++) {
          step(store, name + sequence);
          begun.release();
        }
      } catch (RuntimeException e) {
        // Killed: what was not acknowledged may or may not be there.
      }
    }

    private void step(DataStore store, String key) {
      int what = random.nextInt(10);
      if (what == 0 && !acknowledged.isEmpty()) {
        String old = acknowledged.keySet().iterator().next();
        acknowledged.remove(old); // until it is known whether it is there
        join(store.delete(new Key(bytes(old))));
        acknowledged.put(old, Optional.empty());
        return;
      }
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < (what < 4 ? BATCH : 1); i++) {
        byte[] value = new byte[1 + random.nextInt(what == 1 ? 20_000 : 300)];
        random.nextBytes(value);
        value[0] = 1;
        items.add(new Item(bytes(key + "/" + i), value));
      }
      unknown = items;
      if (items.size() == 1) {
        join(store.write(items.get(0).key(), items.get(0).payload()));
      } else {
        join(store.batchWrite(items));
      }
      unknown = List.of();
      for (Item item : items) {
        acknowledged.put(text(item.key()), Optional.of(item.payload()));
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void join(CompletionStage<Long> write) {
    write.toCompletableFuture().join();
  }

  @Test
  void losesNothingThatWasAcknowledged(@TempDir Path data) throws Exception {
    Random random = new Random(7);
    Map<String, Optional<byte[]>> acknowledged = new HashMap<>();
    List<Writer> last = List.of();
    int written = 0;
    for (int round = 0; round <= KILLS; round++) {
      try (ServerProcess server = ServerProcess.start(data);
          DataStoreClient client = server.connect()) {
        for (Writer writer : last) {
          assertHolds(client.values(), writer.acknowledged);
          assertAllOrNothing(client.values(), writer.unknown);
          written += writer.acknowledged.size();
          acknowledged.putAll(writer.acknowledged);
        }
        if (round == KILLS) {
          assertHolds(client.values(), acknowledged);
        } else {
          last = writeUntilKilled(server, client, round, random.nextInt(MAX_DELAY_MILLIS * 1_000));
        }
      }
    }
    assertThat(written).as("writes acknowledged").isGreaterThan(KILLS * WRITERS);
    assertThat(ServerProcess.run("verify", "--data", data.toString()).exitCode()).isZero();
  }

  private static List<Writer> writeUntilKilled(
      ServerProcess server, DataStoreClient client, int round, long delayMicros)
      throws InterruptedException, ExecutionException {
    List<Writer> writers = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    Semaphore begun = new Semaphore(0);
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      for (int number = 0; number < WRITERS; number++) {
        Writer writer = new Writer(round, number);
        writers.add(writer);
        running.add(threads.submit(() -> writer.run(client.values(), begun)));
      }
      begun.acquire(WRITERS);
      LockSupport.parkNanos(delayMicros * 1_000); // the moment
      server.kill();
      client.close(); // else it would wait for another server
      for (Future<?> writer : running) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    return writers;
  }

  private static void assertHolds(DataStore store, Map<String, Optional<byte[]>> expected) {
    List<String> keys = List.copyOf(expected.keySet());
    Function<byte[], String> show = value -> value.length + ":" + Arrays.hashCode(value);
    for (int from = 0; from < keys.size(); from += 1_000) {
      List<String> part = keys.subList(from, Math.min(keys.size(), from + 1_000));
      List<Optional<byte[]>> values = store.batchRead(part.stream().map(KillIT::bytes).toList());
      for (int i = 0; i < part.size(); i++) {
        assertThat(values.get(i).map(show))
            .as(part.get(i))
            .isEqualTo(expected.get(part.get(i)).map(show));
      }
    }
  }

  private static void assertAllOrNothing(DataStore store, List<Item> batch) {
    List<Optional<byte[]>> values = store.batchRead(batch.stream().map(Item::key).toList());
    assertThat(values.stream().map(Optional::isPresent).distinct())
        .as("a batch of %s", batch.size())
        .hasSizeLessThanOrEqualTo(1);
  }
}
