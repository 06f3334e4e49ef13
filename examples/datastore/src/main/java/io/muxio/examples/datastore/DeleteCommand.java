package io.muxio.examples.datastore;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code datastore delete}. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = "Deletes a value. Nothing happens where there is none.")
final class DeleteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TargetOptionsMixin target;
  @Mixin private KeyArgument key;

  DeleteCommand() {}

  @Override
  public Integer call() throws IOException {
    try (StoreTarget store = target.openExisting(spec)) {
      store.delete(key.bytes());
    }
    return 0;
  }
}
