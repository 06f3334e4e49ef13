package io.muxio.bitcode.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.Unit;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The types of the vectors that have a name. */
final class ScalarTypes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Map<String, JsonType<?>> TYPES = new HashMap<>();

  private ScalarTypes() {}

  static {
    add("bool", new JsonType<>(Bitcode.bool(), Json::bool, JSON::booleanNode, Dice::bool));
    integer("U8", 8, Bitcode.u8(), BigInteger::intValueExact);
    integer("I8", 8, Bitcode.i8(), BigInteger::byteValueExact);
    integer("U16", 16, Bitcode.u16(), BigInteger::intValueExact);
    integer("I16", 16, Bitcode.i16(), BigInteger::shortValueExact);
    integer("U32", 32, Bitcode.u32(), BigInteger::longValueExact);
    integer("I32", 32, Bitcode.i32(), BigInteger::intValueExact);
    integer("I64", 64, Bitcode.i64(), BigInteger::longValueExact);
    integer("Isize", 64, Bitcode.isize(), BigInteger::longValueExact);
    integer("U128", 128, Bitcode.u128(), Function.identity());
    integer("I128", 128, Bitcode.i128(), Function.identity());
    unsigned("U64", Bitcode.u64());
    unsigned("Usize", Bitcode.usize());
    add(
        "f32",
        new JsonType<>(
            Bitcode.f32(), ScalarTypes::readF32, ScalarTypes::writeF32, ScalarTypes::drawF32));
    add(
        "f64",
        new JsonType<>(
            Bitcode.f64(), ScalarTypes::readF64, ScalarTypes::writeF64, ScalarTypes::drawF64));
    add(
        "char",
        new JsonType<>(
            Bitcode.character(), Json::character, ScalarTypes::writeChar, Dice::character));
    add("String", new JsonType<>(Bitcode.string(), Json::text, JSON::textNode, Dice::text));
    for (String name : new String[] {"()", "PhantomData", "struct"}) {
      add(
          name,
          new JsonType<>(
              Bitcode.unit(),
              ScalarTypes::readUnit,
              value -> NullNode.getInstance(),
              dice -> Unit.UNIT));
    }
    add("AtomicBool", of("bool"));
    add(
        "Duration",
        new JsonType<>(
            Bitcode.duration(),
            ScalarTypes::readDuration,
            ScalarTypes::writeDuration,
            ScalarTypes::drawDuration));
    AddressTypes.all().forEach(ScalarTypes::add);
  }

  /** Null if no type has the name. */
  static JsonType<?> of(String name) {
    return TYPES.get(name);
  }

  static JsonNode writeF64(double value) {
    String bits = "%016x".formatted(Double.doubleToRawLongBits(value));
    return JSON.objectNode().put("f64bits", bits);
  }

  static double readF64(JsonNode json) {
    return Double.longBitsToDouble(
        Long.parseUnsignedLong(Json.text(Json.member(json, "f64bits")), 16));
  }

  static JsonNode writeF32(float value) {
    return JSON.objectNode().put("f32bits", "%08x".formatted(Float.floatToRawIntBits(value)));
  }

  static float readF32(JsonNode json) {
    return Float.intBitsToFloat(
        Integer.parseUnsignedInt(Json.text(Json.member(json, "f32bits")), 16));
  }

  static JsonNode writeChar(int codePoint) {
    return JSON.textNode(Character.toString(codePoint));
  }

  private static double drawF64(Dice dice) {
    return Double.longBitsToDouble(dice.integer(64, true).longValue());
  }

  private static float drawF32(Dice dice) {
    return Float.intBitsToFloat(dice.integer(32, true).intValue());
  }

  private static Unit readUnit(JsonNode json) {
    Json.require(json.isNull(), json, "null");
    return Unit.UNIT;
  }

  private static Duration readDuration(JsonNode json) {
    BigInteger seconds = ranged(Json.member(json, "secs"), Long.SIZE, false);
    long nanos = ranged(Json.member(json, "nanos"), Integer.SIZE, false).longValueExact();
    if (seconds.bitLength() == Long.SIZE) {
      throw new UnrepresentableException("Rust's durations are twice as long as Java's");
    }
    return Duration.ofSeconds(seconds.longValueExact(), nanos);
  }

  private static JsonNode writeDuration(Duration duration) {
    return JSON.objectNode().put("secs", duration.toSeconds()).put("nanos", duration.toNanosPart());
  }

  private static Duration drawDuration(Dice dice) {
    long nanos = dice.integer(32, false).longValue() % 1_000_000_000;
    return Duration.ofSeconds(dice.integer(63, false).longValue(), nanos);
  }

  private static void unsigned(String title, BitcodeCodec<Long> codec) {
    integer(
        title,
        64,
        codec,
        BigInteger::longValue,
        value -> new BigInteger(Long.toUnsignedString(value)));
  }

  private static <T extends Number> void integer(
      String title, int bits, BitcodeCodec<T> codec, Function<BigInteger, T> exact) {
    integer(title, bits, codec, exact, value -> new BigInteger(value.toString()));
  }

  private static <T extends Number> void integer(
      String title,
      int bits,
      BitcodeCodec<T> codec,
      Function<BigInteger, T> exact,
      Function<T, BigInteger> big) {
    boolean signed = title.startsWith("I");
    Function<JsonNode, T> read = json -> exact.apply(ranged(json, bits, signed));
    Function<T, JsonNode> write = value -> JSON.numberNode(big.apply(value));
    Function<Dice, T> draw = dice -> exact.apply(dice.integer(bits, signed));
    Function<Dice, T> drawNonZero = dice -> exact.apply(nonZero(dice.integer(bits, signed)));
    add(title.toLowerCase(Locale.ROOT), new JsonType<>(codec, read, write, draw));
    add("Atomic" + title, new JsonType<>(codec, read, write, draw));
    add("NonZero" + title, new JsonType<>(Bitcode.nonZero(codec), read, write, drawNonZero));
  }

  private static BigInteger ranged(JsonNode json, int bits, boolean signed) {
    BigInteger number = Json.integer(json);
    boolean inRange =
        signed ? number.bitLength() < bits : number.signum() >= 0 && number.bitLength() <= bits;
    Json.require(
        inRange, json, (signed ? "a signed" : "an unsigned") + " number of " + bits + " bits");
    return number;
  }

  private static BigInteger nonZero(BigInteger number) {
    return number.signum() == 0 ? BigInteger.ONE : number;
  }

  private static void add(String name, JsonType<?> type) {
    TYPES.put(name, type);
  }
}
