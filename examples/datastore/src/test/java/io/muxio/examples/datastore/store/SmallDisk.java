package io.muxio.examples.datastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system in memory of a given size; for whoever may mount one. */
final class SmallDisk implements AutoCloseable {
  final Path directory;

  SmallDisk(Path parent, int mebibytes) throws IOException {
    directory = Files.createDirectory(parent.resolve("disk"));
    boolean mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", directory.toString());
    if (System.getenv("CI") != null) {
      assertThat(mounted).as("a small file system can be mounted").isTrue();
    }
    assumeTrue(mounted, "needs the right to mount");
  }

  void makeReadOnly() {
    assertThat(run("mount", "-o", "remount,ro", directory.toString())).isTrue();
  }

  private static boolean run(String... command) {
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    assertThat(run("umount", directory.toString())).isTrue();
  }
}
