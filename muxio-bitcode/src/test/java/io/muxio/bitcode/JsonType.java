package io.muxio.bitcode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;

/**
 * A codec, and how the vectors write its values as JSON.
 *
 * @param read JSON to a value
 * @param write a value to JSON
 */
public record JsonType<T>(
    BitcodeCodec<T> codec, Function<JsonNode, T> read, Function<T, JsonNode> write) {}
