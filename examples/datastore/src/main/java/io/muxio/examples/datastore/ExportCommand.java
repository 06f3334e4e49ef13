package io.muxio.examples.datastore;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code datastore export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes all entries of a store to a file, as they are at one moment. A server goes on"
            + " serving meanwhile.")
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TargetOptionsMixin target;

  @Parameters(paramLabel = "FILE", description = "the file; - is the standard output")
  private Path file;

  @Option(names = "--force", description = "replaces the file where there is one")
  private boolean force;

  ExportCommand() {}

  @Override
  public Integer call() throws IOException {
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), 0);
    if (file.toString().equals("-")) {
      export(progress, new FileOutputStream(FileDescriptor.out));
      return 0;
    }
    if (Files.exists(file) && (!force || !Files.isRegularFile(file))) {
      throw new FileAlreadyExistsException(
          file.toString(), null, force ? "is no file" : "is there already (--force replaces it)");
    }
    replace(progress);
    spec.commandLine().getOut().println(file + ": " + progress.summary());
    return 0;
  }

  /** Under its own name only when it is whole and on the disk. */
  private void replace(ProgressLine progress) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path part = Files.createTempFile(directory, file.getFileName() + ".", ".part");
    try {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        export(progress, Channels.newOutputStream(channel));
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void export(ProgressLine progress, OutputStream output) throws IOException {
    try (StoreTarget store = target.openExisting(spec)) {
      OutputStream buffered = new BufferedOutputStream(progress.counted(output));
      store.exportTo(buffered);
      buffered.flush();
    }
  }
}
