package io.muxio.benchmarks.codec;

import io.muxio.bitcode.U16;
import io.muxio.bitcode.U32;
import io.muxio.bitcode.U8;

/**
 * A measurement: five fields, all of them numbers.
 *
 * @param sensor who measured
 * @param seconds when, since 1970
 * @param value what was measured
 * @param quality how sure that is
 * @param valid whether the value counts
 */
public record Reading(
    @U16 int sensor, @U32 long seconds, double value, @U8 int quality, boolean valid) {}
