package io.muxio.bitcode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.lang.reflect.Array;
import java.util.Map;
import java.util.function.Function;

/** The lists of the vectors that have a codec for arrays of primitives. */
final class ArrayTypes {
  private static final Map<String, BitcodeVec<?>> CODECS =
      Map.ofEntries(
          Map.entry("bool", Bitcode.boolArray()),
          Map.entry("u8", Bitcode.bytes()),
          Map.entry("i8", Bitcode.i8Array()),
          Map.entry("u16", Bitcode.u16Array()),
          Map.entry("i16", Bitcode.i16Array()),
          Map.entry("u32", Bitcode.u32Array()),
          Map.entry("i32", Bitcode.i32Array()),
          Map.entry("u64", Bitcode.u64Array()),
          Map.entry("i64", Bitcode.i64Array()),
          Map.entry("f32", Bitcode.f32Array()),
          Map.entry("f64", Bitcode.f64Array()),
          Map.entry("char", Bitcode.characterArray()));

  private ArrayTypes() {}

  /** Null if there is no such array codec. */
  static BitcodeVec<?> codec(String element) {
    return CODECS.get(element);
  }

  /** Reads JSON element by element, so that it shares nothing with the bulk code under test. */
  static <A> Function<JsonNode, A> reader(String element, Class<A> type) {
    return json -> {
      A array = type.cast(Array.newInstance(type.getComponentType(), json.size()));
      for (int i = 0; i < json.size(); i++) {
        set(array, i, element, json.get(i));
      }
      return array;
    };
  }

  static <A> Function<A, JsonNode> writer(String element) {
    return array -> {
      ArrayNode json = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < Array.getLength(array); i++) {
        json.add(get(array, i, element));
      }
      return json;
    };
  }

  static Class<?> arrayClass(String element) {
    return switch (element) {
      case "bool" -> boolean[].class;
      case "u8", "i8" -> byte[].class;
      case "i16" -> short[].class;
      case "u16", "i32", "char" -> int[].class;
      case "u32", "u64", "i64" -> long[].class;
      case "f32" -> float[].class;
      case "f64" -> double[].class;
      default -> throw new AssertionError(element);
    };
  }

  private static void set(Object array, int i, String element, JsonNode json) {
    switch (element) {
      case "bool" -> Array.setBoolean(array, i, json.booleanValue());
      case "u8", "i8" -> Array.setByte(array, i, (byte) json.intValue());
      case "i16" -> Array.setShort(array, i, json.shortValue());
      case "u16", "i32" -> Array.setInt(array, i, json.intValue());
      case "char" -> Array.setInt(array, i, json.textValue().codePointAt(0));
      case "u32", "u64", "i64" -> Array.setLong(array, i, json.bigIntegerValue().longValue());
      case "f32" -> Array.setFloat(array, i, ScalarTypes.readF32(json));
      case "f64" -> Array.setDouble(array, i, ScalarTypes.readF64(json));
      default -> throw new AssertionError(element);
    }
  }

  private static JsonNode get(Object array, int i, String element) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (element) {
      case "bool" -> json.booleanNode(Array.getBoolean(array, i));
      case "u8" -> json.numberNode(Array.getByte(array, i) & 0xff);
      case "i8", "i16", "u16", "i32", "u32", "i64" -> json.numberNode(Array.getLong(array, i));
      case "u64" ->
          json.numberNode(new java.math.BigInteger(Long.toUnsignedString(Array.getLong(array, i))));
      case "char" -> ScalarTypes.writeChar(Array.getInt(array, i));
      case "f32" -> ScalarTypes.writeF32(Array.getFloat(array, i));
      case "f64" -> ScalarTypes.writeF64(Array.getDouble(array, i));
      default -> throw new AssertionError(element);
    };
  }
}
