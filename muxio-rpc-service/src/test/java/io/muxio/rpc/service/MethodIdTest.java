package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The ids against the published ones and against a second implementation of XXH3. */
class MethodIdTest {
  private static final LongHashFunction SECOND_OPINION = LongHashFunction.xx3();
  private static final int LONGEST = 600;

  private record Vector(String name, String id) {
    @Override
    public String toString() {
      return id + ", " + name.length() + " chars";
    }
  }

  static List<Vector> vectors() throws IOException {
    try (InputStream in = MethodIdTest.class.getResourceAsStream("/method-ids.json")) {
      JsonNode list = new ObjectMapper().readTree(in);
      return StreamSupport.stream(list.spliterator(), false)
          .map(one -> new Vector(one.get("name").asText(), one.get("id").asText()))
          .toList();
    }
  }

  static IntStream lengths() {
    return IntStream.rangeClosed(0, LONGEST);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void thePublishedIdOfAName(Vector vector) {
    assertThat(MethodId.toString(MethodId.of(vector.name))).isEqualTo(vector.id);
  }

  @Test
  void allVectorsWereRead() throws IOException {
    assertThat(vectors()).hasSize(27).extracting(Vector::name).contains("", "math.add", "名前");
  }

  @Test
  void namesOfEveryLengthAgreeWithASecondImplementation() {
    Random random = new Random(1);
    lengths()
        .forEach(
            length -> {
              String name = ascii(random, length);
              assertThat(MethodId.of(name)).as(name).isEqualTo(secondOpinion(name));
            });
  }

  @Test
  void namesBeyondAsciiAreHashedAsUtf8() {
    Random random = new Random(2);
    lengths()
        .forEach(
            length -> {
              String name = anyText(random, length);
              assertThat(MethodId.of(name)).as(name).isEqualTo(secondOpinion(name));
            });
  }

  @Test
  void nearNamesHaveDifferentIds() {
    Random random = new Random(3);
    List<Long> ids = lengths().mapToObj(length -> MethodId.of(ascii(random, length))).toList();
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(MethodId.of("Echo")).isNotEqualTo(MethodId.of("echo"));
    assertThat(MethodId.of("echo ")).isNotEqualTo(MethodId.of("echo"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x0000000000000000",
    "1, 0x0000000000000001",
    "-1, 0xffffffffffffffff",
    "-9223372036854775808, 0x8000000000000000"
  })
  void anIdIsShownUnsignedWithAllItsDigits(long id, String shown) {
    assertThat(MethodId.toString(id)).isEqualTo(shown);
  }

  private static long secondOpinion(String name) {
    return SECOND_OPINION.hashBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String ascii(Random random, int length) {
    return text(random.ints(length, ' ', 0x7f));
  }

  private static String anyText(Random random, int length) {
    return text(
        random
            .ints(0, Character.MAX_CODE_POINT + 1)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .limit(length));
  }

  private static String text(IntStream codePoints) {
    return codePoints
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
