package io.muxio.benchmarks.codec;

/**
 * A row of a price list: two numbers and a text.
 *
 * @param id ascends from row to row
 * @param cents 32 bits without a sign
 * @param name plain ASCII
 */
public record Item(long id, long cents, String name) {}
