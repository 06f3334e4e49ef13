package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server program in a process of its own. */
final class ServerProgram implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("listening on ws://127\\.0\\.0\\.1:(\\d+)/ws");

  /** The published data store servers only tell it in their log. */
  private static final Pattern LOGGED = Pattern.compile(".* running on 127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final int port;

  private ServerProgram(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a Java program on the JDK that runs the tests. */
  static ServerProgram start(List<String> javaArguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaArguments);
    return run(command);
  }

  /** Starts any program whose first line says where it listens. */
  static ServerProgram run(List<String> command) throws IOException {
    return run(command, LISTENING, 1);
  }

  /** Starts a published data store server, which has opened its store before it listens. */
  static ServerProgram runLogging(List<String> command) throws IOException {
    return run(command, LOGGED, 2);
  }

  private static ServerProgram run(List<String> command, Pattern listening, int lineNumber)
      throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      // Never closed: that would close the program's output while it runs.
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = output.lines().skip(lineNumber - 1L).findFirst().orElse("");
      assertThat(line).as("line %d of %s", lineNumber, command).matches(listening);
      Matcher address = listening.matcher(line);
      assertThat(address.find()).isTrue();
      return new ServerProgram(process, Integer.parseInt(address.group(1)));
    } catch (RuntimeException | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
