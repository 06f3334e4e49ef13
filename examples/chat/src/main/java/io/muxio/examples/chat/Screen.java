package io.muxio.examples.chat;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Where all clients of the demo show their lines. Safe to use from any thread. */
final class Screen {
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final PrintStream out;
  private final List<String> lines = new ArrayList<>();

  Screen(PrintStream out) {
    this.out = out;
  }

  Consumer<String> of(String name) {
    return line -> show(String.format("%-6s| %s", name, line));
  }

  private synchronized void show(String line) {
    out.println(line);
    lines.add(line);
    notifyAll();
  }

  /** Waits until a client has shown a line. */
  synchronized void await(String name, String line) throws InterruptedException {
    String shown = String.format("%-6s| %s", name, line);
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!lines.contains(shown)) {
      long left = (end - System.nanoTime()) / NANOS_PER_MILLI;
      if (left <= 0) {
        throw new IllegalStateException("'" + shown + "' was not shown within 20 s");
      }
      wait(left);
    }
  }
}
