package io.muxio.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoIT {
  @Test
  void everybodySeesEverythingOnceAndInOrder() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      new Demo(out).run();
    }
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    for (String name : List.of("Ann", "Bob", "Cy")) {
      assertThat(lines)
          .filteredOn(line -> line.matches(name + " *\\| (Ann|Bob|Cy): .*"))
          .extracting(line -> line.substring(line.indexOf('|') + 2))
          .containsExactly("Ann: hello", "Bob: hi Ann", "Cy: where is Bob?", "Bob: here I am");
    }
    assertThat(lines).contains("Ann   | * Bob has gone");
    assertThat(lines).filteredOn(line -> line.equals("Ann   | * Bob is here")).hasSize(2);
    assertThat(lines).last().asString().startsWith("Eve   | ").contains("401");
  }
}
