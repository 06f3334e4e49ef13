package io.muxio.core.fuzz;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Assertions that cost nothing where they hold: a fuzzer runs them thousands of times a second. */
final class Check {
  private Check() {}

  static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  static void equal(@Nullable Object expected, @Nullable Object actual, String what) {
    if (!Objects.equals(expected, actual)) {
      throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
    }
  }
}
