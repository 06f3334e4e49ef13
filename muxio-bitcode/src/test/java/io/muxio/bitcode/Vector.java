package io.muxio.bitcode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A line of the vectors.
 *
 * @param value null if the bytes must be rejected
 */
record Vector(String type, JsonNode value, String hex) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static List<Vector> load(String resource) {
    try (InputStream file = Vector.class.getResourceAsStream("/" + resource);
        InputStream plain = resource.endsWith(".gz") ? new GZIPInputStream(file) : file;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      return lines.lines().map(Vector::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  private static Vector parse(String line) {
    try {
      JsonNode json = MAPPER.readTree(line);
      JsonNode value = json.path("error").booleanValue() ? null : json.get("value");
      return new Vector(json.get("type").textValue(), value, json.get("hex").textValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
