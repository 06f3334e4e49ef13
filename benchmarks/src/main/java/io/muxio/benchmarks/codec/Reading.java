package io.muxio.benchmarks.codec;

/**
 * A measurement: five fields, all of them numbers.
 *
 * @param sensor 0 to 65,535
 * @param seconds since 1970, 32 bits without a sign
 * @param value what was measured
 * @param quality 0 to 255
 * @param valid whether the value counts
 */
public record Reading(int sensor, long seconds, double value, int quality, boolean valid) {}
