package io.muxio.interop;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The interop peer as others start it: from its jar, in a process of its own. */
final class InteropJar {
  private static final Path JAR =
      Path.of(System.getProperty("basedir", ""))
          .toAbsolutePath()
          .resolve("target/interop-peer.jar");

  private InteropJar() {}

  static ServerProgram server() throws Exception {
    return ServerProgram.start(List.of("-jar", JAR.toString(), "server", "--port", "0"));
  }

  /** Runs the client's checks against a server on this machine. */
  static ForeignPeers.Outcome check(int port, int generation, String... more) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            JAR.toString(),
            "client",
            "--url",
            "ws://127.0.0.1:" + port + "/ws",
            "--generation",
            Integer.toString(generation));
    return ForeignPeers.run(Stream.concat(command.stream(), Stream.of(more)).toList());
  }
}
