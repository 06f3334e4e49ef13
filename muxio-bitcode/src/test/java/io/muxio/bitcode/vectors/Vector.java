package io.muxio.bitcode.vectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HexFormat;

/**
 * A line of the vectors.
 *
 * @param value null if the bytes must be rejected
 * @param noncanonical whether an encoder writes the value with other bytes
 */
public record Vector(String type, JsonNode value, String hex, boolean noncanonical) {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is not a vector
   */
  public static Vector parse(String line) {
    JsonNode json;
    try {
      json = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    }
    boolean rejected = json.path("error").booleanValue();
    return new Vector(
        Json.text(Json.member(json, "type")),
        rejected ? null : Json.member(json, "value"),
        Json.text(Json.member(json, "hex")),
        json.path("noncanonical").booleanValue());
  }

  /** The bytes of the message. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** The line. */
  @Override
  public String toString() {
    ObjectNode json = MAPPER.createObjectNode().put("type", type);
    if (value != null) {
      json.set("value", value);
    }
    json.put("hex", hex);
    if (value == null) {
      json.put("error", true);
    }
    if (noncanonical) {
      json.put("noncanonical", true);
    }
    return json.toString();
  }
}
