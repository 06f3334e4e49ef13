package io.muxio.bitcode;

import io.muxio.bitcode.vectors.Vector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The vectors among the resources of the tests. */
final class VectorFiles {
  private VectorFiles() {}

  static List<Vector> load(String resource) {
    try (InputStream file = VectorFiles.class.getResourceAsStream("/" + resource);
        InputStream plain = resource.endsWith(".gz") ? new GZIPInputStream(file) : file;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      return lines.lines().map(Vector::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
