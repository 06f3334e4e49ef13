package io.muxio.bitcode.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.muxio.bitcode.BitcodeCodec;
import java.util.function.Function;

/**
 * A codec, how the vectors write its values as JSON, and random values for it.
 *
 * @param read JSON to a value
 * @param write a value to JSON
 * @param draw a random value
 */
public record JsonType<T>(
    BitcodeCodec<T> codec,
    Function<JsonNode, T> read,
    Function<T, JsonNode> write,
    Function<Dice, T> draw) {}
