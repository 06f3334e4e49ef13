package io.muxio.testkit.hunt;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random programs of nested calls in both directions, with full windows, small limits and slow
 * readers, to be inherited by one test class for each transport: each of them has to end, and to
 * leave nothing at either end. A program that does not is reported with its seed, and runs alone
 * with {@code -Dhunt.first=<seed> -Dhunt.seeds=1}.
 */
public abstract class DeadlockHunt {
  /** Programs at a time: most of them wait most of the time. */
  private static final int AT_ONCE = 4;

  private final long first = Long.getLong("hunt.first", 0);
  private final int seeds;

  /**
   * For test classes.
   *
   * @param seeds how many programs there are with the extension, and as many without it, where the
   *     system property {@code hunt.seeds} does not say so
   */
  protected DeadlockHunt(int seeds) {
    this.seeds = Integer.getInteger("hunt.seeds", seeds);
  }

  /**
   * Starts two ends and connects them.
   *
   * @param server what the server serves
   * @param client what the client serves
   * @param options how both ends have to be set
   * @return the two ends, both up
   * @throws Exception where they cannot be connected, which fails the test
   */
  protected abstract ConnectedPair connect(
      RpcEndpoint server, RpcEndpoint client, PairOptions options) throws Exception;

  @ParameterizedTest(name = "extension {0}")
  @ValueSource(booleans = {true, false})
  void everyProgramEndsAndLeavesNothing(boolean extension) {
    AtomicLong next = new AtomicLong(first);
    AtomicBoolean failed = new AtomicBoolean();
    AtomicInteger whole = new AtomicInteger();
    Task hunter =
        () -> {
          for (long seed = next.getAndIncrement();
              seed < first + seeds && !failed.get();
              seed = next.getAndIncrement()) {
            whole.addAndGet(run(seed, extension).whole());
          }
        };
    ExecutorService hunters = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<CompletableFuture<Void>> hunts = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        hunts.add(CompletableFuture.runAsync(() -> hunt(hunter, failed), hunters));
      }
      CompletableFuture.allOf(hunts.toArray(new CompletableFuture<?>[0])).join();
    } finally {
      hunters.shutdown();
    }
    // Else it would be found only that nothing works.
    assertThat(whole.get()).as("calls answered as they should be").isGreaterThan(seeds);
  }

  /** What may throw anything. */
  @FunctionalInterface
  private interface Task {
    void run() throws Exception;
  }

  /** The first one that fails stops the others behind the programs that they run. */
  private static void hunt(Task hunter, AtomicBoolean failed) {
    try {
      hunter.run();
    } catch (Exception | AssertionError e) {
      failed.set(true);
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private Progress run(long seed, boolean extension) throws Exception {
    Program program = ProgramMaker.make(seed, extension);
    Progress progress = new Progress();
    StepCaller caller = new StepCaller(progress);
    StepHandlers handlers = new StepHandlers(program, progress, caller);
    ConnectedPair pair = connect(handlers.endpoint(), handlers.endpoint(), program.options());
    new ProgramRun(program, progress, pair, "seed " + seed).run(caller);
    return progress;
  }
}
