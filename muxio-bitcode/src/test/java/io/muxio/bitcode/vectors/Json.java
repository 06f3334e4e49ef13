package io.muxio.bitcode.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;

/** Reads JSON strictly: what is not what the type wants is refused instead of read as 0 or "". */
final class Json {
  private static final int MAX_SHOWN = 80;

  private Json() {}

  static BigInteger integer(JsonNode json) {
    return require(json.isIntegralNumber(), json, "an integer").bigIntegerValue();
  }

  static boolean bool(JsonNode json) {
    return require(json.isBoolean(), json, "true or false").booleanValue();
  }

  static String text(JsonNode json) {
    return require(json.isTextual(), json, "a string").textValue();
  }

  static int character(JsonNode json) {
    String text = text(json);
    int one = text.codePointCount(0, text.length());
    return require(one == 1, json, "a string of one character").textValue().codePointAt(0);
  }

  static JsonNode array(JsonNode json) {
    return require(json.isArray(), json, "an array");
  }

  static JsonNode member(JsonNode json, String name) {
    return require(json.has(name), json, "an object with " + name).get(name);
  }

  static JsonNode require(boolean met, JsonNode json, String expected) {
    if (!met) {
      throw new IllegalArgumentException(abbreviated(json.toString()) + ", expected " + expected);
    }
    return json;
  }

  static String abbreviated(String text) {
    return text.length() <= MAX_SHOWN
        ? text
        : text.substring(0, MAX_SHOWN) + "… (" + text.length() + " characters)";
  }
}
