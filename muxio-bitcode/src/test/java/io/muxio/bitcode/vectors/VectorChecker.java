package io.muxio.bitcode.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.muxio.bitcode.BitcodeException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Checks vectors with codecs composed from their types, each composed once. For one thread. */
public final class VectorChecker {
  private final boolean bulk;
  private final Map<String, JsonType<Object>> types = new HashMap<>();

  /**
   * @param bulk whether lists of primitives are arrays rather than {@code List}s
   */
  public VectorChecker(boolean bulk) {
    this.bulk = bulk;
  }

  /** What is wrong with a vector, or that our codec does with it; empty if nothing is. */
  public Optional<String> problemOf(Vector vector) {
    try {
      JsonType<Object> type =
          types.computeIfAbsent(vector.type(), text -> TypeParser.parse(text, bulk));
      return Optional.ofNullable(check(type, vector));
    } catch (BitcodeException | IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    } catch (RuntimeException e) {
      return Optional.of("threw " + e);
    }
  }

  /** The problem, or null. */
  private static String check(JsonType<Object> type, Vector vector) {
    byte[] bytes = vector.bytes();
    if (vector.value() == null) {
      return checkRejected(type, bytes);
    }
    Object value;
    try {
      value = type.read().apply(vector.value());
    } catch (UnrepresentableException e) {
      return checkRejected(type, bytes);
    }
    byte[] encoded = type.codec().encode(value);
    if (vector.noncanonical() && Arrays.equals(encoded, bytes)) {
      return "is canonical, expected other bytes than an encoder writes";
    }
    if (!vector.noncanonical() && !Arrays.equals(encoded, bytes)) {
      return "encoded as " + hex(encoded) + ", expected " + Json.abbreviated(vector.hex());
    }
    return checkDecoded(type, bytes, vector, encoded);
  }

  private static String checkDecoded(
      JsonType<Object> type, byte[] bytes, Vector vector, byte[] encoded) {
    Object decoded = type.codec().decode(bytes);
    String json = type.write().apply(decoded).toString();
    String expected = normal(type, vector.value());
    if (!json.equals(expected)) {
      return "decoded as " + Json.abbreviated(json) + ", expected " + Json.abbreviated(expected);
    }
    byte[] again = type.codec().encode(decoded);
    return Arrays.equals(again, encoded)
        ? null
        : "decoded and encoded as " + hex(again) + ", expected " + hex(encoded);
  }

  private static String checkRejected(JsonType<Object> type, byte[] bytes) {
    try {
      Object decoded = type.codec().decode(bytes);
      String json = type.write().apply(decoded).toString();
      return "decoded as " + Json.abbreviated(json) + ", expected to be rejected";
    } catch (BitcodeException e) {
      return null;
    }
  }

  /** The spelling of IPv6 addresses is not part of the vectors; of all else it is. */
  private static String normal(JsonType<Object> type, JsonNode json) {
    return type.codec().toString().contains("Ip")
        ? type.write().apply(type.read().apply(json)).toString()
        : json.toString();
  }

  private static String hex(byte[] bytes) {
    return Json.abbreviated(HexFormat.of().formatHex(bytes));
  }
}
