package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Bytes that the Rust crate wrote, accepted and rejected. */
class VectorsTest {
  private static final List<Vector> VECTORS = Vector.load("bitcode.jsonl.gz");
  private static final List<Vector> NONCANONICAL = Vector.load("bitcode-noncanonical.jsonl");
  private static final List<Vector> SERVICES = Vector.load("services.jsonl");

  /** Above this, cutting and extending the bytes takes longer than it is worth. */
  private static final int SMALL = 2048;

  @Test
  void noLineIsMissing() {
    assertThat(VECTORS).hasSize(8281 + 2122);
    assertThat(VECTORS).filteredOn(vector -> vector.value() == null).hasSize(2122);
    assertThat(NONCANONICAL).hasSize(354);
    assertThat(SERVICES).hasSize(28);
  }

  @TestFactory
  Stream<DynamicTest> withLists() {
    return perType(Stream.concat(VECTORS.stream(), SERVICES.stream()), false, VectorsTest::check);
  }

  @TestFactory
  Stream<DynamicTest> withArrays() {
    return perType(Stream.concat(VECTORS.stream(), SERVICES.stream()), true, VectorsTest::check);
  }

  @TestFactory
  Stream<DynamicTest> noncanonicalWithLists() {
    return perType(NONCANONICAL.stream(), false, VectorsTest::checkNoncanonical);
  }

  @TestFactory
  Stream<DynamicTest> noncanonicalWithArrays() {
    return perType(NONCANONICAL.stream(), true, VectorsTest::checkNoncanonical);
  }

  private static Stream<DynamicTest> perType(
      Stream<Vector> vectors, boolean bulk, BiConsumer<JsonType<Object>, Vector> check) {
    Map<String, List<Vector>> byType =
        vectors.collect(
            Collectors.groupingBy(Vector::type, LinkedHashMap::new, Collectors.toList()));
    return byType.entrySet().stream()
        .map(
            entry -> {
              JsonType<Object> type = CompositeTypes.erased(TypeParser.parse(entry.getKey(), bulk));
              return DynamicTest.dynamicTest(
                  entry.getKey(),
                  () -> entry.getValue().forEach(vector -> check.accept(type, vector)));
            });
  }

  private static void check(JsonType<Object> type, Vector vector) {
    byte[] bytes = vector.bytes();
    if (vector.value() == null || isUnrepresentable(vector)) {
      assertRejected(type, bytes);
      return;
    }
    Object value = type.read().apply(vector.value());
    assertThat(HexFormat.of().formatHex(type.codec().encode(value))).isEqualTo(vector.hex());
    assertDecodes(type, bytes, vector.value());
    if (bytes.length <= SMALL) {
      assertRejected(type, Arrays.copyOf(bytes, bytes.length + 1));
      for (int length = Math.max(0, bytes.length - 16); length < bytes.length; length++) {
        assertRejected(type, Arrays.copyOf(bytes, length));
      }
    }
  }

  private static void checkNoncanonical(JsonType<Object> type, Vector vector) {
    assertDecodes(type, vector.bytes(), vector.value());
    Object value = type.read().apply(vector.value());
    assertThat(HexFormat.of().formatHex(type.codec().encode(value))).isNotEqualTo(vector.hex());
  }

  private static void assertDecodes(JsonType<Object> type, byte[] bytes, JsonNode expected) {
    assertThat(json(type, type.codec().decode(bytes))).isEqualTo(normal(type, expected));
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 3).position(2).put(bytes);
    direct.flip().position(2);
    assertThat(json(type, type.codec().decode(direct))).isEqualTo(normal(type, expected));
    assertThat(direct.hasRemaining()).isFalse();
  }

  private static void assertRejected(JsonType<Object> type, byte[] bytes) {
    assertThatThrownBy(() -> type.codec().decode(bytes))
        .as(() -> HexFormat.of().formatHex(bytes))
        .isInstanceOf(BitcodeException.class);
  }

  private static String json(JsonType<Object> type, Object value) {
    return type.write().apply(value).toString();
  }

  /** The spelling of IPv6 addresses is not part of the vectors; of all else it is. */
  private static String normal(JsonType<Object> type, JsonNode json) {
    return type.codec().toString().contains("Ip")
        ? json(type, type.read().apply(json))
        : json.toString();
  }

  /** Rust's durations are twice as long as Java's. */
  private static boolean isUnrepresentable(Vector vector) {
    return vector.type().equals("Duration") && !vector.value().get("secs").canConvertToLong();
  }
}
