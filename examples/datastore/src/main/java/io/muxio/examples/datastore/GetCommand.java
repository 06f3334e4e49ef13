package io.muxio.examples.datastore;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code datastore get}. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "Writes a value to the standard output. Exits with 3 where there is none.")
final class GetCommand implements Callable<Integer> {
  private static final int NOT_FOUND = 3;

  @Spec private CommandSpec spec;
  @Mixin private TargetOptionsMixin target;
  @Mixin private KeyArgument key;

  GetCommand() {}

  @Override
  public Integer call() throws IOException {
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), 0);
    OutputStream output =
        new BufferedOutputStream(progress.counted(new FileOutputStream(FileDescriptor.out)));
    try (StoreTarget store = target.openExisting(spec)) {
      if (!store.read(key.bytes(), output)) {
        spec.commandLine().getErr().println("no value for this key");
        return NOT_FOUND;
      }
    }
    return 0;
  }
}
