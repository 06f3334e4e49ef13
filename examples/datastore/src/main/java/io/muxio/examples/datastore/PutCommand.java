package io.muxio.examples.datastore;

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

/** {@code datastore put}. */
@Command(
    name = "put",
    mixinStandardHelpOptions = true,
    description = "Writes a value of any length.")
final class PutCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TargetOptionsMixin target;
  @Mixin private KeyArgument key;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      arity = "0..1",
      defaultValue = "-",
      description = "the value; - is the standard input (default)")
  private Path file;

  PutCommand() {}

  @Override
  public Integer call() throws IOException {
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), 0);
    try (InputStream source = file.toString().equals("-") ? System.in : Files.newInputStream(file);
        StoreTarget store = target.open(spec)) {
      store.write(key.bytes(), progress.counted(source));
    }
    spec.commandLine().getOut().println(progress.summary());
    return 0;
  }
}
