package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.bitcode.vectors.TypeParser;
import io.muxio.bitcode.vectors.Vector;
import io.muxio.bitcode.vectors.VectorChecker;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that the Rust crate wrote, accepted and rejected. */
class VectorsTest {
  private static final List<Vector> VECTORS = VectorFiles.load("bitcode.jsonl.gz");
  private static final List<Vector> NONCANONICAL = VectorFiles.load("bitcode-noncanonical.jsonl");
  private static final List<Vector> SERVICES = VectorFiles.load("services.jsonl");

  /** Above this, cutting and extending the bytes takes longer than it is worth. */
  private static final int SMALL = 2048;

  @Test
  void noLineIsMissing() {
    assertThat(VECTORS).hasSize(8281 + 2122);
    assertThat(VECTORS).filteredOn(vector -> vector.value() == null).hasSize(2122);
    assertThat(NONCANONICAL).hasSize(354).allMatch(Vector::noncanonical);
    assertThat(SERVICES).hasSize(28);
  }

  @TestFactory
  Stream<DynamicTest> withLists() {
    return perType(false);
  }

  @TestFactory
  Stream<DynamicTest> withArrays() {
    return perType(true);
  }

  /** What the check must notice, or it would prove nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'u16','value':301,'hex':'2c01'}",
        "{'type':'u16','value':'300','hex':'2c01'}",
        "{'type':'u8','value':300,'hex':'2c'}",
        "{'type':'u64','value':-1,'hex':'00ffffffffffffffff'}",
        "{'type':'bool','value':0,'hex':'00'}",
        "{'type':'()','value':0,'hex':''}",
        "{'type':'Vec<u8>','value':{'a':1,'b':2},'hex':'020102'}",
        "{'type':'Vec<u8>','value':[1,1,1],'hex':'0300010101'}",
        "{'type':'Vec<u8>','value':[1,1,2],'hex':'0300010101','noncanonical':true}",
        "{'type':'Vec<u8>','value':[1,2],'hex':'020102','noncanonical':true}",
        "{'type':'Vec<u8>','value':[1,2],'hex':'0201'}",
        "{'type':'Vec<u8>','hex':'020102','error':true}",
        "{'type':'BTreeSet<u8>','value':[2,1],'hex':'020102'}",
        "{'type':'struct{a:u8}','value':{},'hex':'01'}",
        "{'type':'struct{a:u8}','value':{'a':1,'b':1},'hex':'01'}",
        "{'type':'(Ipv6Addr,u8)','value':['::1',2],'hex':'080101'}",
        "{'type':'Ipv4Addr','value':'localhost','hex':'000100007f'}",
        "{'type':'enum{A,B}','value':{'C':null},'hex':'00'}",
        "{'type':'u7','value':1,'hex':'01'}",
        "{'type':'enum{','value':1,'hex':'01'}",
        "{'type':'Vec<u8','value':[],'hex':'00'}",
        "{'type':'u8','value':1,'hex':'0x'}",
      })
  void aFalseLineIsAProblem(String line) {
    Vector vector = Vector.parse(line.replace('\'', '"'));
    assertThat(new VectorChecker(false).problemOf(vector)).isPresent();
    assertThat(new VectorChecker(true).problemOf(vector)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{'type':'u8','hex':'01'}",
        "{'type':'u8','value':1}",
        "{'value':1,'hex':'01'}",
        "{'type':'u8','value':1,'hex':'01'} 2",
        "{'type':'u8','value':1,"
      })
  void whatIsNoVectorIsRefused(String line) {
    assertThatThrownBy(() -> Vector.parse(line.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Stream<DynamicTest> perType(boolean bulk) {
    VectorChecker checker = new VectorChecker(bulk);
    Map<String, List<Vector>> byType =
        Stream.of(VECTORS, SERVICES, NONCANONICAL)
            .flatMap(List::stream)
            .collect(Collectors.groupingBy(Vector::type, LinkedHashMap::new, Collectors.toList()));
    return byType.entrySet().stream()
        .map(
            entry -> {
              BitcodeCodec<Object> codec = TypeParser.parse(entry.getKey(), bulk).codec();
              return DynamicTest.dynamicTest(
                  entry.getKey(),
                  () -> entry.getValue().forEach(vector -> check(checker, codec, vector)));
            });
  }

  private static void check(VectorChecker checker, BitcodeCodec<Object> codec, Vector vector) {
    assertThat(checker.problemOf(vector)).as(vector::toString).isEmpty();
    byte[] bytes = vector.bytes();
    if (vector.value() == null || isUnrepresentable(vector)) {
      return;
    }
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 3).position(2).put(bytes);
    direct.flip().position(2);
    assertThat(codec.encode(codec.decode(direct))).isEqualTo(codec.encode(codec.decode(bytes)));
    assertThat(direct.hasRemaining()).isFalse();
    if (bytes.length <= SMALL) {
      assertRejected(codec, Arrays.copyOf(bytes, bytes.length + 1));
      for (int length = Math.max(0, bytes.length - 16); length < bytes.length; length++) {
        assertRejected(codec, Arrays.copyOf(bytes, length));
      }
    }
  }

  /** Rust's durations are twice as long as Java's. */
  private static boolean isUnrepresentable(Vector vector) {
    return vector.type().equals("Duration") && !vector.value().get("secs").canConvertToLong();
  }

  private static void assertRejected(BitcodeCodec<?> codec, byte[] bytes) {
    assertThatThrownBy(() -> codec.decode(bytes))
        .as(() -> HexFormat.of().formatHex(bytes))
        .isInstanceOf(BitcodeException.class);
  }
}
