package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.StoreStats;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code datastore stats}. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = "Tells how much there is, and what it takes on the disk.")
final class StatsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TargetOptionsMixin target;

  StatsCommand() {}

  @Override
  public Integer call() throws IOException {
    StoreStats stats;
    try (StoreTarget store = target.openExisting(spec)) {
      stats = store.stats();
    }
    line("entries", stats.entries(), "keys that have a value");
    line("tail", stats.tail(), "bytes that all writes so far would take in a log");
    line("file", stats.fileBytes(), "bytes of the data file");
    line("used", stats.usedBytes(), "of them in use");
    line("free", stats.freeBytes(), "of them to be used again");
    line("max", stats.maxBytes(), "bytes that the data file may grow to (--max-size)");
    line("pieces", stats.chunks(), "of values that were written as streams");
    line("garbage", stats.garbage(), "such values, being written or to be deleted");
    line("depth", stats.depth(), "pages from the root of the tree to an entry");
    line("transaction", stats.transaction(), "number of the newest one, which varies");
    spec.commandLine().getOut().flush();
    return 0;
  }

  private void line(String name, long value, String meaning) {
    spec.commandLine().getOut().printf(Locale.ROOT, "%-12s %16d  %s%n", name, value, meaning);
  }
}
