package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.bitcode.vectors.JsonType;
import io.muxio.bitcode.vectors.TypeParser;
import io.muxio.bitcode.vectors.Vector;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Bytes that the Rust crate wrote, through derived codecs. */
class DerivedVectorsTest {
  private static final List<Vector> VECTORS = VectorFiles.load("bitcode.jsonl.gz");
  private static final Map<String, BitcodeCodec<Object>> CODECS = DerivedTypes.codecs();

  @Test
  void everyTypeHasVectors() {
    assertThat(VECTORS).extracting(Vector::type).containsAll(CODECS.keySet());
    assertThat(CODECS).hasSizeGreaterThan(70).containsKeys(Shapes.all().toArray(String[]::new));
  }

  @TestFactory
  Stream<DynamicTest> theSameBytes() {
    return CODECS.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () ->
                        VECTORS.stream()
                            .filter(vector -> vector.type().equals(entry.getKey()))
                            .forEach(vector -> check(entry.getValue(), vector))));
  }

  @Test
  void theSameTypes() {
    CODECS.forEach(
        (type, codec) -> {
          // A tuple is a struct whose fields have names in Java, and usize is u64 by another name.
          if (!type.contains("(") && !type.equals("usize") && !type.equals("struct")) {
            assertThat(codec).hasToString(type);
          }
        });
  }

  private static void check(BitcodeCodec<Object> codec, Vector vector) {
    if (vector.value() == null) {
      assertThatThrownBy(() -> codec.decode(vector.bytes())).isInstanceOf(BitcodeException.class);
      return;
    }
    Object value;
    try {
      value = codec.decode(vector.bytes());
    } catch (BitcodeException e) {
      // The same that Java cannot represent, or only over a limit, when composed by hand.
      JsonType<Object> composed = TypeParser.parse(vector.type(), false);
      assertThatThrownBy(() -> composed.codec().decode(vector.bytes())).hasMessage(e.getMessage());
      return;
    }
    assertThat(HexFormat.of().formatHex(codec.encode(value))).isEqualTo(vector.hex());
  }
}
