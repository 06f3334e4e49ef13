package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs as users start them. */
class ProgramsIT {
  /** The published modules and what they depend on; the class path holds the tests' own, too. */
  private static final Pattern PUBLISHED =
      Pattern.compile(
          "^(muxio-(bitcode|core|rpc|netty)|netty|fastutil|hash4j|slf4j|jspecify)"
              + ".*(?<!-vectors)\\.jar$");

  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

  @ParameterizedTest
  @ValueSource(strings = {"calculator", "interop"})
  void aJarServesARustClient(String program) throws Exception {
    List<String> arguments =
        program.equals("calculator")
            ? List.of("-jar", ROOT + "/examples/calculator/target/calculator.jar", "--port", "0")
            : List.of("-jar", ROOT + "/interop/target/interop-peer.jar", "server", "--port", "0");
    try (ServerProgram server = ServerProgram.start(arguments)) {
      assertThat(callWithRust(server.port())).contains("ok add", "ok mult", "ok echo-65536");
    }
  }

  /** All published modules as named modules, as an application with a module-info has them. */
  @Test
  void theModulesServeFromTheModulePath() throws Exception {
    String modulePath =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(System.getProperty("java.class.path"))
            .filter(entry -> PUBLISHED.matcher(Path.of(entry).getFileName().toString()).find())
            .collect(Collectors.joining(File.pathSeparator));
    List<String> arguments =
        List.of(
            "--module-path",
            modulePath,
            "--add-modules",
            "io.muxio.netty.server,io.muxio.netty.client",
            "-cp",
            ROOT + "/interop/target/test-classes",
            ModularServer.class.getName());
    try (ServerProgram server = ServerProgram.start(arguments)) {
      assertThat(server.port()).isPositive();
    }
  }

  private static List<String> callWithRust(int port) throws Exception {
    List<String> command =
        List.of(
            ForeignPeers.rust().resolve("muxio-client-0-17").toString(),
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--suite",
            "add",
            "mult",
            "echo-65536");
    return ForeignPeers.run(command).lines();
  }
}
