package io.muxio.bitcode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The types of the vectors that have a name. */
final class ScalarTypes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Map<String, JsonType<?>> TYPES = new HashMap<>();

  private ScalarTypes() {}

  static {
    add("bool", new JsonType<>(Bitcode.bool(), JsonNode::booleanValue, JSON::booleanNode));
    integer("U8", "u8", Bitcode.u8(), BigInteger::intValueExact);
    integer("I8", "i8", Bitcode.i8(), BigInteger::byteValueExact);
    integer("U16", "u16", Bitcode.u16(), BigInteger::intValueExact);
    integer("I16", "i16", Bitcode.i16(), BigInteger::shortValueExact);
    integer("U32", "u32", Bitcode.u32(), BigInteger::longValueExact);
    integer("I32", "i32", Bitcode.i32(), BigInteger::intValueExact);
    integer("I64", "i64", Bitcode.i64(), BigInteger::longValueExact);
    integer("Isize", "isize", Bitcode.isize(), BigInteger::longValueExact);
    integer("U128", "u128", Bitcode.u128(), Function.identity());
    integer("I128", "i128", Bitcode.i128(), Function.identity());
    unsigned("U64", "u64", Bitcode.u64());
    unsigned("Usize", "usize", Bitcode.usize());
    add("f32", new JsonType<>(Bitcode.f32(), ScalarTypes::readF32, ScalarTypes::writeF32));
    add("f64", new JsonType<>(Bitcode.f64(), ScalarTypes::readF64, ScalarTypes::writeF64));
    add(
        "char",
        new JsonType<>(
            Bitcode.character(), json -> json.textValue().codePointAt(0), ScalarTypes::writeChar));
    for (String name : new String[] {"String", "Box<str>"}) {
      add(name, new JsonType<>(Bitcode.string(), JsonNode::textValue, JSON::textNode));
    }
    for (String name : new String[] {"()", "PhantomData", "struct"}) {
      add(name, new JsonType<>(Bitcode.unit(), json -> Unit.UNIT, value -> NullNode.getInstance()));
    }
    add("AtomicBool", of("bool"));
    add("Duration", new JsonType<>(Bitcode.duration(), ScalarTypes::duration, ScalarTypes::write));
    add(
        "Ipv4Addr",
        new JsonType<>(
            Addresses.ipv4(), json -> (Inet4Address) address(json), ScalarTypes::writeAddress));
    add(
        "Ipv6Addr",
        new JsonType<>(
            Addresses.ipv6(), json -> (Inet6Address) address(json), ScalarTypes::writeAddress));
    add(
        "IpAddr",
        new JsonType<>(
            Addresses.ip(), json -> address(json.elements().next()), ScalarTypes::writeIpAddr));
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
    return Double.longBitsToDouble(Long.parseUnsignedLong(json.get("f64bits").textValue(), 16));
  }

  static JsonNode writeF32(float value) {
    return JSON.objectNode().put("f32bits", "%08x".formatted(Float.floatToRawIntBits(value)));
  }

  static float readF32(JsonNode json) {
    return Float.intBitsToFloat(Integer.parseUnsignedInt(json.get("f32bits").textValue(), 16));
  }

  static JsonNode writeChar(int codePoint) {
    return JSON.textNode(Character.toString(codePoint));
  }

  private static <T extends Number> void integer(
      String title, String name, BitcodeCodec<T> codec, Function<BigInteger, T> exact) {
    integer(title, name, codec, exact, value -> new BigInteger(value.toString()));
  }

  private static void unsigned(String title, String name, BitcodeCodec<Long> codec) {
    integer(
        title,
        name,
        codec,
        BigInteger::longValue,
        value -> new BigInteger(Long.toUnsignedString(value)));
  }

  private static <T extends Number> void integer(
      String title,
      String name,
      BitcodeCodec<T> codec,
      Function<BigInteger, T> exact,
      Function<T, BigInteger> big) {
    Function<JsonNode, T> read = json -> exact.apply(json.bigIntegerValue());
    Function<T, JsonNode> write = value -> JSON.numberNode(big.apply(value));
    add(name, new JsonType<>(codec, read, write));
    add("Atomic" + title, new JsonType<>(codec, read, write));
    add("NonZero" + title, new JsonType<>(Bitcode.nonZero(codec), read, write));
  }

  private static void add(String name, JsonType<?> type) {
    TYPES.put(name, type);
  }

  private static Duration duration(JsonNode json) {
    return Duration.ofSeconds(
        json.get("secs").bigIntegerValue().longValueExact(), json.get("nanos").longValue());
  }

  private static JsonNode write(Duration duration) {
    return JSON.objectNode().put("secs", duration.toSeconds()).put("nanos", duration.toNanosPart());
  }

  private static InetAddress address(JsonNode json) {
    try {
      return InetAddress.getByName(json.textValue());
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode writeAddress(InetAddress address) {
    return JSON.textNode(address.getHostAddress());
  }

  private static JsonNode writeIpAddr(InetAddress address) {
    String variant = address instanceof Inet4Address ? "V4" : "V6";
    return JSON.objectNode().set(variant, writeAddress(address));
  }
}
