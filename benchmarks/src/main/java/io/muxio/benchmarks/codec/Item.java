package io.muxio.benchmarks.codec;

import io.muxio.bitcode.U32;
import io.muxio.bitcode.U64;

/**
 * A row of a price list: two numbers and a text.
 *
 * @param id ascends from row to row
 * @param cents the price
 * @param name plain ASCII
 */
public record Item(@U64 long id, @U32 long cents, String name) {}
