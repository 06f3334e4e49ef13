package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

/** What a data store client printed for a script, line by line. */
record StoreResults(List<String> script, List<String> results) {
  private static final int SHOWN = 200;

  /** Line by line, because a whole list with its batches would hide where it differs. */
  void assertSameAs(StoreResults expected) {
    assertThat(script).isEqualTo(expected.script);
    for (int at = 0; at < script.size(); at++) {
      if (!results.get(at).equals(expected.results.get(at))) {
        assertThat(shortened(results.get(at)))
            .as("line %d: %s", at + 1, shortened(script.get(at)))
            .isEqualTo(shortened(expected.results.get(at)));
        throw new AssertionError("line " + (at + 1) + ": the same but for what is not shown");
      }
    }
  }

  private static String shortened(String line) {
    return line.length() <= SHOWN
        ? line
        : line.substring(0, SHOWN) + "… (" + line.length() + " characters)";
  }

  /** For stores that lay out their files differently. */
  StoreResults withoutSizes() {
    return new StoreResults(
        script, results.stream().map(line -> line.replaceFirst("^file-size .*", "-")).toList());
  }

  /** What does not depend on what other clients do with other keys. */
  StoreResults ofOwnKeys() {
    List<Integer> kept =
        IntStream.range(0, script.size())
            .filter(at -> !script.get(at).matches("len|is-empty|file-size"))
            .boxed()
            .toList();
    return new StoreResults(
        kept.stream().map(script::get).toList(),
        kept.stream().map(results::get).map(line -> line.replaceFirst("^tail .*", "-")).toList());
  }

  /** The file never shrinks, and grows with each entry that is written. */
  void assertFileGrows() {
    long size = 0;
    boolean written = false;
    for (int at = 0; at < script.size(); at++) {
      String line = script.get(at);
      String result = results.get(at);
      if (line.matches("(batch-)?write .*") && !result.startsWith("error ")) {
        written = true;
      }
      if (line.equals("file-size")) {
        long now = Long.parseLong(result.substring("file-size ".length()));
        assertThat(now).as("line %d", at + 1).isGreaterThanOrEqualTo(written ? size + 1 : size);
        size = now;
        written = false;
      }
    }
    assertThat(size).isPositive();
  }
}
