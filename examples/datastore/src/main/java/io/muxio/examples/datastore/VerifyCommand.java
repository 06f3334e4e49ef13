package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.StoreReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code datastore verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Reads everything and checks it. Exits with 1 where something is damaged.")
final class VerifyCommand implements Callable<Integer> {
  private static final int DAMAGED = 1;

  @Spec private CommandSpec spec;
  @Mixin private TargetOptionsMixin target;

  VerifyCommand() {}

  @Override
  public Integer call() throws IOException {
    StoreReport report;
    try (StoreTarget store = target.openExisting(spec)) {
      report = store.verify();
    }
    PrintWriter output = spec.commandLine().getOut();
    report.problems().forEach(output::println);
    output.printf(
        Locale.ROOT,
        "%d entries, %d pieces of long values, %d bytes: %s%n",
        report.entries(),
        report.chunks(),
        report.bytes(),
        report.isSound() ? "all is well" : report.problemCount() + " problems");
    output.flush();
    return report.isSound() ? 0 : DAMAGED;
  }
}
