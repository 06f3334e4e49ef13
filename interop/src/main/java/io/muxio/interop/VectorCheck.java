package io.muxio.interop;

import io.muxio.bitcode.vectors.Vector;
import io.muxio.bitcode.vectors.VectorChecker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs files of bitcode vectors: a line for each that fails, and the count at the end. */
final class VectorCheck {
  private static final String STANDARD_INPUT = "-";

  private final InputStream standardInput;
  private final PrintStream out;
  private final VectorChecker lists = new VectorChecker(false);
  private final VectorChecker arrays = new VectorChecker(true);
  private long passed;
  private long failed;

  VectorCheck(InputStream standardInput, PrintStream out) {
    this.standardInput = standardInput;
    this.out = out;
  }

  /**
   * Checks all files.
   *
   * @return whether no vector failed
   * @throws IllegalArgumentException if there is no file, or one cannot be read; nothing was
   *     checked
   */
  boolean run(List<String> files) throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files: none (expected: at least one)");
    }
    for (String file : files) {
      requireReadable(file);
    }
    for (String file : files) {
      checkFile(file);
    }
    out.println(passed + " passed, " + failed + " failed");
    return failed == 0;
  }

  private static void requireReadable(String file) {
    if (!file.equals(STANDARD_INPUT)
        && (Files.isDirectory(Path.of(file)) || !Files.isReadable(Path.of(file)))) {
      throw new IllegalArgumentException("file: " + file + " (expected: a file that can be read)");
    }
  }

  private void checkFile(String file) throws IOException {
    // Bytes that are no UTF-8 make a line fail rather than the program.
    try (InputStream bytes =
            file.equals(STANDARD_INPUT) ? standardInput : Files.newInputStream(Path.of(file));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          count(file + ":" + number, problemOf(line));
        }
      }
    }
  }

  private void count(String place, Optional<String> problem) {
    if (problem.isPresent()) {
      failed++;
      // What a line quotes from a file must not begin another one.
      out.println(place + " " + problem.get().replaceAll("\\R", " "));
    } else {
      passed++;
    }
  }

  private Optional<String> problemOf(String line) {
    try {
      Vector vector = Vector.parse(line);
      return Stream.of(lists, arrays)
          .flatMap(checker -> checker.problemOf(vector).stream())
          .findFirst();
    } catch (IllegalArgumentException e) {
      return Optional.of("no vector: " + e.getMessage());
    }
  }
}
