package io.muxio.examples.datastore;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code datastore import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Writes the entries of a file that 'export' made into a store, over those that are there.")
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TargetOptionsMixin target;

  @Parameters(paramLabel = "FILE", description = "the file; - is the standard input")
  private Path file;

  ImportCommand() {}

  @Override
  public Integer call() throws IOException {
    boolean isStandardInput = file.toString().equals("-");
    ProgressLine progress =
        new ProgressLine(spec.commandLine().getErr(), isStandardInput ? 0 : Files.size(file));
    try (InputStream source =
            new BufferedInputStream(isStandardInput ? System.in : Files.newInputStream(file));
        StoreTarget store = target.open(spec)) {
      long entries = store.importFrom(progress.counted(source));
      spec.commandLine().getOut().println(entries + " entries, " + progress.summary());
    }
    return 0;
  }
}
