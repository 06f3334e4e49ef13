package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.bitcode.vectors.Dice;
import io.muxio.bitcode.vectors.JsonType;
import io.muxio.bitcode.vectors.TypeParser;
import io.muxio.bitcode.vectors.Vector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random values, other ones in each run: what the Rust crate encodes and what we encode are the
 * same bytes, and each side decodes the other's. {@code -Dbitcode.seed=…} repeats a run.
 */
class BitcodeShapesIT {
  private static final int ROUNDS = 50;

  private final long seed =
      Long.getLong("bitcode.seed", ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));

  private final String again = "again with -Dbitcode.seed=" + seed;

  @TempDir private Path directory;
  private List<String> drawnByRust;
  private SortedSet<String> types;

  @BeforeEach
  void drawInRust() throws Exception {
    List<String> arguments =
        List.of("--seed", Long.toString(seed), "--rounds", Integer.toString(ROUNDS));
    ForeignPeers.Outcome outcome = ForeignPeers.run(rust(arguments));
    assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
    drawnByRust = outcome.lines();
    types =
        drawnByRust.stream()
            .map(line -> Vector.parse(line).type())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(types).hasSizeGreaterThanOrEqualTo(40);
  }

  @Test
  void whatRustDrawsIsTheSameHere() throws Exception {
    Path vectors = write(drawnByRust);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);

    new VectorCheck(InputStream.nullInputStream(), out).run(List.of(vectors.toString()));

    assertThat(output.toString(StandardCharsets.UTF_8).lines())
        .as(again)
        .containsExactly(types.size() * ROUNDS + " passed, 0 failed");
  }

  @Test
  void whatWeDrawIsTheSameInRust() throws Exception {
    Dice dice = new Dice(seed);
    List<String> lines = new ArrayList<>();
    for (String type : types) {
      JsonType<Object> lists = TypeParser.parse(type, false);
      JsonType<Object> arrays = TypeParser.parse(type, true);
      for (int round = 0; round < ROUNDS; round++) {
        lines.add(draw(type, round % 2 == 0 ? lists : arrays, dice));
      }
    }

    ForeignPeers.Outcome outcome = ForeignPeers.run(rust(List.of("--check")), write(lines));

    assertThat(outcome.lines()).as(again).containsExactly(lines.size() + " passed, 0 failed");
    assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
  }

  private static String draw(String name, JsonType<Object> type, Dice dice) {
    Object value = dice.value(type);
    String hex = HexFormat.of().formatHex(type.codec().encode(value));
    return new Vector(name, type.write().apply(value), hex, false).toString();
  }

  /** A program that says nothing about a false vector would pass all of the above. */
  @Test
  void rustNoticesWhatIsFalse() throws Exception {
    List<String> lines =
        List.of(
            "{\"type\":\"u16\",\"value\":301,\"hex\":\"2c01\"}",
            "{\"type\":\"u32\",\"value\":5,\"hex\":\"0005000000\"}",
            "{\"type\":\"u8\",\"value\":1,\"hex\":\"0102\"}",
            "{\"type\":\"u16\",\"value\":300,\"hex\":\"2c01\"}");

    ForeignPeers.Outcome outcome = ForeignPeers.run(rust(List.of("--check")), write(lines));

    assertThat(outcome.lines()).hasSize(4).last().isEqualTo("1 passed, 3 failed");
    assertThat(outcome.exitCode()).as(outcome.errors()).isEqualTo(1);
  }

  private static List<String> rust(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(ForeignPeers.rust().resolve("bitcode-shapes").toString());
    command.addAll(arguments);
    return command;
  }

  private Path write(List<String> lines) throws IOException {
    return Files.write(directory.resolve("vectors.jsonl"), lines, StandardCharsets.UTF_8);
  }
}
