/**
 * Bytes to frames and back: the two generations of the frame header, limits, order within a stream.
 */
@NullMarked
package io.muxio.core.frame;

import org.jspecify.annotations.NullMarked;
