package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.bitcode.vectors.JsonType;
import io.muxio.bitcode.vectors.TypeParser;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random columns, many longer than those of the vectors, against the rules written plainly. */
class PackingTest {
  private static final int ROUNDS = 3000;
  private static final int MAX_LENGTH = 300;

  @ParameterizedTest
  @ValueSource(strings = {"u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "u128", "i128"})
  void columnsAreTheSame(String type) {
    Random random = new Random(type.hashCode());
    int bits = Integer.parseInt(type.substring(1));
    boolean signed = type.startsWith("i");
    for (int round = 0; round < ROUNDS; round++) {
      check(type, column(random, bits, signed), bits);
    }
  }

  private static void check(String type, List<BigInteger> values, int bits) {
    String expected = HexFormat.of().formatHex(ReferencePacking.column(values, bits));
    String array = "[%s;%d]".formatted(type, values.size());
    check(TypeParser.parse(array, false), values, expected);
    check(TypeParser.parse(array, true), values, expected);
  }

  private static void check(JsonType<Object> form, List<BigInteger> values, String expected) {
    var json = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
    values.forEach(json::add);
    byte[] encoded = form.codec().encode(form.read().apply(json));
    assertThat(HexFormat.of().formatHex(encoded)).as(values::toString).isEqualTo(expected);
    Object decoded = form.codec().decode(encoded);
    assertThat(form.write().apply(decoded).toString()).isEqualTo(json.toString());
  }

  /** Values around a base, so that each width of values and differences comes up. */
  private static List<BigInteger> column(Random random, int bits, boolean signed) {
    BigInteger lowest = signed ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
    BigInteger range = BigInteger.ONE.shiftLeft(bits);
    BigInteger base = new BigInteger(random.nextInt(bits + 1), random);
    if (signed && random.nextBoolean()) {
      base = base.negate();
    }
    int spread = 1 + random.nextInt(random.nextInt(4) == 0 ? bits : 9);
    BigInteger start = base;
    Function<BigInteger, BigInteger> wrapped =
        value -> value.subtract(lowest).mod(range).add(lowest);
    int length = random.nextInt(random.nextInt(4) == 0 ? MAX_LENGTH : 12);
    List<BigInteger> values = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      values.add(wrapped.apply(start.add(new BigInteger(random.nextInt(spread) + 1, random))));
    }
    // Often the one value that decides comes last.
    if (length > 0 && random.nextInt(3) == 0) {
      values.set(length - 1, wrapped.apply(new BigInteger(bits, random)));
    }
    return values;
  }
}
