package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The published data store clients, unchanged, get the same from our server as from the published
 * ones. One of the scripts is another in each run; {@code -Dstore.seed=…} repeats it.
 */
@Timeout(300)
class DataStoreClientsIT {
  private static final List<Long> SEEDS =
      List.of(
          1L,
          2L,
          Long.getLong("store.seed", ThreadLocalRandom.current().nextLong(Integer.MAX_VALUE)));
  private static final int ROUNDS = 3;

  /** What takes time is that the clients wait for answers, so the scripts run at once. */
  private final ExecutorService executor = Executors.newCachedThreadPool();

  @TempDir private Path directory;

  /** In the thread of the test, which is aborted where a tool is missing. */
  @BeforeEach
  void build() {
    ForeignPeers.rust();
    ForeignPeers.python();
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @TestFactory
  List<DynamicNode> rust() {
    return SEEDS.stream()
        .map(
            seed ->
                comparison(
                    seed,
                    StoreClient.RUST,
                    "0-17",
                    StoreScript.draw(seed, ""),
                    StoreResults::assertSameAs))
        .toList();
  }

  /** The store of the wheel's generation lays out its file differently. */
  @TestFactory
  List<DynamicNode> python() {
    return SEEDS.stream()
        .map(
            seed ->
                comparison(
                    seed,
                    StoreClient.PYTHON,
                    "0-11",
                    StoreScript.drawForPython(seed, ""),
                    (ours, theirs) -> {
                      ours.withoutSizes().assertSameAs(theirs.withoutSizes());
                      theirs.assertFileGrows();
                      ours.assertFileGrows();
                    }))
        .toList();
  }

  /** Each on a server of its own, from now on; the test awaits the results. */
  private DynamicNode comparison(
      long seed,
      StoreClient client,
      String generation,
      List<String> script,
      BiConsumer<StoreResults, StoreResults> check) {
    Future<StoreResults> theirs =
        executor.submit(
            () -> {
              try (ServerProgram server = StoreServers.published(generation, directory)) {
                return client.run(script, server, directory);
              }
            });
    Future<StoreResults> ours = executor.submit(() -> runAlone(client, script));
    return dynamicTest(
        "seed " + seed,
        () -> {
          assertThat(theirs.get().results())
              .as("what shows that the script is no easy one")
              .anyMatch(line -> line.startsWith("error "))
              .contains("none", "true", "false");
          check.accept(ours.get(), theirs.get());
        });
  }

  private StoreResults runAlone(StoreClient client, List<String> script) throws Exception {
    try (ServerProgram server = StoreServers.ours(directory)) {
      return client.run(script, server, directory);
    }
  }

  /** Frames of both generations on one port, and a writer beside whom others write. */
  @Test
  void bothAtTheSameTime() throws Exception {
    List<String> rustScript = StoreScript.draw(SEEDS.get(2), "a1");
    List<String> pythonScript = StoreScript.drawForPython(SEEDS.get(2), "b2");
    Future<StoreResults> rustAlone = executor.submit(() -> runAlone(StoreClient.RUST, rustScript));
    StoreResults pythonAlone = runAlone(StoreClient.PYTHON, pythonScript);

    for (int round = 1; round <= ROUNDS; round++) {
      try (ServerProgram server = StoreServers.ours(directory)) {
        Future<StoreResults> rust =
            executor.submit(() -> StoreClient.RUST.run(rustScript, server, directory));
        StoreResults python = StoreClient.PYTHON.run(pythonScript, server, directory);

        rust.get().ofOwnKeys().assertSameAs(rustAlone.get().ofOwnKeys());
        python.ofOwnKeys().assertSameAs(pythonAlone.ofOwnKeys());
        python.assertFileGrows();
        rust.get().assertFileGrows();
      }
    }
  }
}
