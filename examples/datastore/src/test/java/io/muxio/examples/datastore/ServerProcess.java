package io.muxio.examples.datastore;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.netty.client.RpcClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The runnable jar in a process of its own, on the JDK that runs the tests. */
final class ServerProcess implements AutoCloseable {
  private static final Path JAR =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target/datastore.jar");
  private static final String LISTENING = "listening on ";

  private final Process process;
  private final String url;

  private ServerProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** What a command has left behind. */
  record Outcome(int exitCode, String output, String errors) {}

  static ServerProcess start(Path data, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--port", "0", "--data", data.toString()));
    arguments.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command(arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      // Never closed: that would close the program's output while it runs.
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = output.readLine();
      assertThat(line).startsWith(LISTENING);
      return new ServerProcess(process, line.substring(LISTENING.length()));
    } catch (IOException | RuntimeException | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Runs a command to its end. */
  static Outcome run(String... arguments) throws IOException, InterruptedException {
    Path output = Files.createTempFile("datastore", ".out");
    try {
      return runTo(output, arguments);
    } finally {
      Files.delete(output);
    }
  }

  /** Runs a command whose standard output is a file. */
  static Outcome runTo(Path output, String... arguments) throws IOException, InterruptedException {
    Path errors = Files.createTempFile("datastore", ".err");
    Process process =
        new ProcessBuilder(command(List.of(arguments)))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("%s ends", List.of(arguments)).isTrue();
      String printed = Files.isRegularFile(output) ? Files.readString(output) : "";
      return new Outcome(process.exitValue(), printed, Files.readString(errors));
    } finally {
      process.destroyForcibly();
      Files.delete(errors);
    }
  }

  private static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-jar");
    command.add(JAR.toString());
    command.addAll(arguments);
    return command;
  }

  String url() {
    return url;
  }

  DataStoreClient connect() throws IOException {
    return new DataStoreClient(RpcClient.builder(url).connect());
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** As {@code kill} does. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
