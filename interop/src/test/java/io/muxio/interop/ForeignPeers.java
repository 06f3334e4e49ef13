package io.muxio.interop;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Builds the peers that others wrote (see {@code interop/peers}) and runs them. */
final class ForeignPeers {
  private static final int TOOL_MISSING = 3;
  private static final int BUILD_MINUTES = 30;
  private static final int RUN_MINUTES = 5;
  private static final ProcessBuilder.Redirect NO_INPUT = ProcessBuilder.Redirect.PIPE;
  private static final Map<String, Path> built = new ConcurrentHashMap<>();

  private ForeignPeers() {}

  /** What a peer said: a line for each of its checks. */
  record Outcome(int exitCode, List<String> lines, String errors) {}

  /** The directory of the Rust programs. */
  static Path rust() {
    return built.computeIfAbsent("rust", ForeignPeers::build);
  }

  /** The interpreter that has the published wheel. */
  static Path python() {
    return built.computeIfAbsent("python", ForeignPeers::build);
  }

  static Path directory() {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("peers");
  }

  static Outcome run(List<String> command) throws IOException, InterruptedException {
    return run(command, NO_INPUT, RUN_MINUTES);
  }

  static Outcome run(List<String> command, Path input) throws IOException, InterruptedException {
    return run(command, ProcessBuilder.Redirect.from(input.toFile()), RUN_MINUTES);
  }

  private static Outcome run(List<String> command, ProcessBuilder.Redirect input, int minutes)
      throws IOException, InterruptedException {
    Path errors = java.nio.file.Files.createTempFile("peer", ".err");
    Process process =
        new ProcessBuilder(command).redirectInput(input).redirectError(errors.toFile()).start();
    try {
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
        fail("%s did not end within %s minutes", command, minutes);
      }
      return new Outcome(
          process.exitValue(),
          new String(output, StandardCharsets.UTF_8).lines().toList(),
          java.nio.file.Files.readString(errors));
    } finally {
      process.destroyForcibly();
      java.nio.file.Files.delete(errors);
    }
  }

  private static Path build(String what) {
    try {
      Outcome outcome =
          run(
              List.of("bash", directory().resolve("build.sh").toString(), what),
              NO_INPUT,
              BUILD_MINUTES);
      if (outcome.exitCode() == TOOL_MISSING && !"true".equals(System.getenv("CI"))) {
        abort("the " + what + " peers were not run: " + outcome.errors());
      }
      if (outcome.exitCode() != 0) {
        fail("building the %s peers failed (%s):%n%s", what, outcome.exitCode(), outcome.errors());
      }
      return Path.of(outcome.lines().get(outcome.lines().size() - 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
