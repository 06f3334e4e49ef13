package io.muxio.examples.datastore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of bearer tokens: not in arguments, which every user of the machine can see. */
final class Tokens {
  private Tokens() {}

  static List<String> read(Path file) throws IOException {
    List<String> tokens;
    try (var lines = Files.lines(file)) {
      tokens = lines.map(String::strip).filter(line -> !line.isEmpty()).distinct().toList();
    }
    if (tokens.isEmpty()) {
      throw new IOException(file + ": no token (expected: one or more lines with a token each)");
    }
    return tokens;
  }
}
