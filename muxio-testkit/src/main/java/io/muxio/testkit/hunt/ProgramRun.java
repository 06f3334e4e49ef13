package io.muxio.testkit.hunt;

import io.muxio.testkit.Usage;
import io.muxio.testkit.contract.ConnectedPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Runs one program on two ends that nobody else uses, and closes them. */
final class ProgramRun {
  /** How long a program may take, on a machine that is busy. */
  private static final int MOST_SECONDS = 30;

  private static final int STATE_SECONDS = 5;
  private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final Program program;
  private final Progress progress;
  private final ConnectedPair pair;
  private final String name;

  ProgramRun(Program program, Progress progress, ConnectedPair pair, String name) {
    this.program = program;
    this.progress = progress;
    this.pair = pair;
    this.name = name;
  }

  /** Returns when all has ended, and nothing is left of it. */
  void run(StepCaller caller) {
    pair.client().caller().call(Methods.PAUSE, new byte[1]).join(); // then the server can call too
    List<CompletableFuture<Void>> quiet = new ArrayList<>();
    for (Step step : program.first()) {
      CompletableFuture<Void> end =
          caller.start(step, (step.toServer() ? pair.client() : pair.server()).caller(), null);
      if (!step.isStalled()) {
        quiet.add(end);
      }
    }
    CompletableFuture.allOf(quiet.toArray(new CompletableFuture<?>[0]))
        .thenRun(() -> progress.quiet().complete(null));
    until("that all calls end", () -> progress.unfinished().isEmpty());
    until("that no end holds anything", this::isNothingHeld);
    pair.close(); // handlers of calls that were given up early may have been about to begin
    until("that all handlers end", () -> progress.unfinished().isEmpty());
    until("that all chunks were released", () -> progress.chunkBytes() == 0);
    Throwable failure = progress.failure();
    if (failure != null) {
      throw new AssertionError(describe("failed"), failure);
    }
  }

  private boolean isNothingHeld() {
    return pair.usage().stream().allMatch(Usage.ZERO::equals);
  }

  private void until(String expected, BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            describe("after " + MOST_SECONDS + " s it hangs (expected: " + expected + ")"));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private String describe(String what) {
    return String.join(
        "\n",
        name + ": " + what,
        program.toString(),
        "unfinished: " + progress.unfinished(),
        "the ends hold: " + held(),
        "chunks: " + progress.chunkBytes() + " bytes",
        threads());
  }

  /** A connection whose thread hangs cannot say. */
  private Object held() {
    try {
      return CompletableFuture.supplyAsync(pair::usage).get(STATE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      return e;
    }
  }

  /** Those that do something for some program. */
  private static String threads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().matches("(hunt|muxio)-.*"))
        .map(
            thread ->
                thread.getKey()
                    + Arrays.stream(thread.getValue())
                        .map(frame -> "\n    at " + frame)
                        .collect(Collectors.joining()))
        .filter(thread -> thread.contains("io.muxio."))
        .collect(Collectors.joining("\n"));
  }
}
