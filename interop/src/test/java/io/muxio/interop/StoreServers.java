package io.muxio.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts data store servers, each with a new store. */
final class StoreServers {
  private static final Path JAR =
      Path.of(System.getProperty("basedir", ""))
          .toAbsolutePath()
          .getParent()
          .resolve("examples/datastore/target/datastore.jar");

  private StoreServers() {}

  static ServerProgram ours(Path directory) throws IOException {
    Path data = Files.createTempDirectory(directory, "ours");
    return ServerProgram.start(
        List.of(
            "-jar",
            JAR.toString(),
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--data",
            data.toString()));
  }

  static ServerProgram published(String generation, Path directory) throws IOException {
    Path data = Files.createTempDirectory(directory, "published");
    return ServerProgram.runLogging(
        List.of(
            ForeignPeers.rust().resolve("simd-r-drive-ws-server-" + generation).toString(),
            data.resolve("store").toString()));
  }
}
