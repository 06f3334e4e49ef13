package io.muxio.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Draws the operations of a script for the data store clients, in the notation of {@code
 * interop/peers}. The same seed and prefix give the same script; the prefix begins each key, so
 * that scripts with different ones have nothing to do with each other.
 */
final class StoreScript {
  private static final int OPERATIONS = 250;
  private static final int SHORT_KEYS = 24;

  /** Around the longest key of LMDB and the length from which a request is more than a header. */
  private static final List<Integer> LONG_KEYS =
      List.of(509, 510, 511, 512, 513, 1_024, 65_500, 65_536, 102_400);

  /** Around the alignment of the published store's log, and over several frames. */
  private static final List<Integer> ODD_LENGTHS =
      List.of(1, 43, 44, 45, 63, 64, 65, 127, 128, 4_096, 65_536, 200_000);

  private static final String NO_BYTES = "-";
  private static final String NUL = "00";
  private static final int BIG_VALUE = 10 << 20;
  private static final int BIG_BATCH = 10_000;

  private final Random random;
  private final String prefix;
  private final List<String> keys;

  private StoreScript(long seed, String prefix) {
    this.random = new Random(seed);
    this.prefix = prefix;
    this.keys = keys(prefix);
  }

  /**
   * Operations that both clients have.
   *
   * @param prefix two hexadecimal digits; with none, the empty key is among the keys
   */
  static List<String> draw(long seed, String prefix) {
    StoreScript script = new StoreScript(seed, prefix);
    List<String> lines = new ArrayList<>(List.of("len", "is-empty", "file-size"));
    IntStream.range(0, OPERATIONS).forEach(at -> lines.add(script.operation()));
    lines.addAll(script.rareOperations());
    lines.addAll(List.of("len", "is-empty", "file-size"));
    return lines;
  }

  /** The same with the operations that only the Python client has, for some of their likes. */
  static List<String> drawForPython(long seed, String prefix) {
    Random random = new Random(seed);
    return draw(seed, prefix).stream()
        .map(line -> random.nextBoolean() ? line : inPython(line))
        .toList();
  }

  private static String inPython(String line) {
    return line.replaceFirst("^exists ", "in ")
        .replaceFirst("^batch-read( \\S+)( .*)?$", "batch-read-structured$1 ;$2");
  }

  private static List<String> keys(String prefix) {
    int salt = prefix.isEmpty() ? 0 : Integer.parseInt(prefix, 16);
    return Stream.of(
            Stream.of(prefix.isEmpty() ? NO_BYTES : prefix, prefix + "00", prefix + "0000"),
            IntStream.range(1, SHORT_KEYS).mapToObj(at -> prefix + "%02x".formatted(at).repeat(at)),
            LONG_KEYS.stream().map(length -> fill(length, salt)))
        .flatMap(some -> some)
        .toList();
  }

  private String operation() {
    int dice = random.nextInt(100);
    if (dice < 30) {
      return "write " + entry();
    }
    if (dice < 37) {
      return line("batch-write", random.nextInt(12), this::entry);
    }
    if (dice < 57) {
      return "read " + key();
    }
    if (dice < 65) {
      return line("batch-read", random.nextInt(20), this::key);
    }
    if (dice < 77) {
      return "delete " + key();
    }
    if (dice < 86) {
      return "exists " + key();
    }
    return List.of("len", "is-empty", "file-size").get(dice % 3);
  }

  private static String line(String operation, int count, Supplier<String> word) {
    return Stream.concat(Stream.of(operation), Stream.generate(word).limit(count))
        .collect(Collectors.joining(" "));
  }

  private String entry() {
    return key() + " " + value();
  }

  private String key() {
    return keys.get(random.nextInt(keys.size()));
  }

  private String value() {
    int dice = random.nextInt(40);
    return switch (dice) {
      case 0 -> NO_BYTES;
      case 1 -> NUL;
      case 2 -> NUL + NUL;
      case 3, 4, 5, 6, 7, 8 ->
          fill(ODD_LENGTHS.get(random.nextInt(ODD_LENGTHS.size())), random.nextInt(1 << 20));
      default -> fill(1 + random.nextInt(300), random.nextInt(1 << 20));
    };
  }

  private static String fill(int length, int seed) {
    return "fill:" + length + ":" + seed;
  }

  /** What chance might leave out, and what is too big for more than once. */
  private List<String> rareOperations() {
    String key = prefix + "ff";
    String missing = prefix + "fe";
    List<String> lines = new ArrayList<>();
    lines.addAll(List.of("delete " + missing, "read " + missing, "exists " + missing));
    lines.addAll(List.of("batch-write", "batch-read", "batch-read " + missing));
    lines.addAll(List.of("write " + key + " " + NO_BYTES, "write " + key + " " + NUL));
    lines.add("batch-write " + key + " 01 " + missing + " " + NO_BYTES + " " + key + " 02");
    lines.add("batch-write " + key + " 01 " + missing + " " + NUL);
    lines.addAll(List.of("exists " + key, "file-size"));
    lines.add("batch-write " + key + " 01 " + key + " 02 " + key + " 03");
    lines.addAll(List.of("read " + key, "batch-read " + String.join(" ", key, missing, key)));
    lines.add("batch-read " + String.join(" ", keys));
    lines.addAll(List.of("delete " + key, "delete " + key, "exists " + key, "file-size"));
    lines.add("write " + key + " " + fill(BIG_VALUE, random.nextInt(1 << 20)));
    lines.addAll(List.of("read " + key, "exists " + key, "file-size"));
    lines.add(bigBatch("batch-write", 0, at -> " " + fill(1 + at % 40, at)));
    lines.addAll(List.of("len", "file-size"));
    lines.add(bigBatch("batch-read", BIG_BATCH / 10, at -> ""));
    return lines;
  }

  /** For keys of their own; a batch that begins further on goes that far beyond those written. */
  private String bigBatch(String operation, int first, IntFunction<String> more) {
    return IntStream.range(first, first + BIG_BATCH)
        .mapToObj(at -> " " + prefix + "bb%06x".formatted(at) + more.apply(at))
        .collect(Collectors.joining("", operation, ""));
  }
}
