package io.muxio.bitcode.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.BitcodeVec;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.Map;

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

  /**
   * An array. It is read and written element by element, so that it shares nothing with the bulk
   * code under test.
   *
   * @param list the same type as a list
   */
  @SuppressWarnings("unchecked")
  static JsonType<Object> of(String element, BitcodeCodec<?> codec, JsonType<Object> list) {
    return new JsonType<>(
        (BitcodeCodec<Object>) codec,
        json -> read(json, element),
        array -> write(array, element),
        dice -> read(list.write().apply(list.draw().apply(dice)), element));
  }

  private static Object read(JsonNode json, String element) {
    Object array = Array.newInstance(componentType(element), Json.array(json).size());
    for (int i = 0; i < json.size(); i++) {
      set(array, i, element, json.get(i));
    }
    return array;
  }

  private static JsonNode write(Object array, String element) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < Array.getLength(array); i++) {
      json.add(get(array, i, element));
    }
    return json;
  }

  private static Class<?> componentType(String element) {
    return switch (element) {
      case "bool" -> boolean.class;
      case "u8", "i8" -> byte.class;
      case "i16" -> short.class;
      case "u16", "i32", "char" -> int.class;
      case "u32", "u64", "i64" -> long.class;
      case "f32" -> float.class;
      case "f64" -> double.class;
      default -> throw new AssertionError(element);
    };
  }

  private static void set(Object array, int i, String element, JsonNode json) {
    switch (element) {
      case "bool" -> Array.setBoolean(array, i, Json.bool(json));
      case "u8", "i8" -> Array.setByte(array, i, Json.integer(json).byteValue());
      case "i16" -> Array.setShort(array, i, Json.integer(json).shortValue());
      case "u16", "i32" -> Array.setInt(array, i, Json.integer(json).intValue());
      case "char" -> Array.setInt(array, i, Json.character(json));
      case "u32", "u64", "i64" -> Array.setLong(array, i, Json.integer(json).longValue());
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
      case "u64" -> json.numberNode(new BigInteger(Long.toUnsignedString(Array.getLong(array, i))));
      case "char" -> ScalarTypes.writeChar(Array.getInt(array, i));
      case "f32" -> ScalarTypes.writeF32(Array.getFloat(array, i));
      case "f64" -> ScalarTypes.writeF64(Array.getDouble(array, i));
      default -> throw new AssertionError(element);
    };
  }
}
