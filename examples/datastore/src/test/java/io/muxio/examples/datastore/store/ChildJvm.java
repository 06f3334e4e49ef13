package io.muxio.examples.datastore.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a process of its own, whose death is a result. */
final class ChildJvm {
  private static final int PATIENCE_SECONDS = 120;

  private ChildJvm() {}

  /** Starts the class; what it prints goes to a file. */
  static Process start(Class<?> main, Path output, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-XX:ErrorFile=" + output.resolveSibling("hs_err.log"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** Runs the class to its end, and gives its exit code and what it printed. */
  static String run(Class<?> main, Path output, Object... arguments) throws Exception {
    Process process = start(main, output, arguments);
    try {
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return (ended ? "exit " + process.exitValue() : "still running")
          + "\n"
          + Files.readString(output);
    } finally {
      process.destroyForcibly();
    }
  }
}
