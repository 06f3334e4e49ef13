package io.muxio.bitcode;

/** How the elements of a container count towards {@link BitcodeLimits}. */
enum ElementCost {
  /** Bytes of text and of byte arrays, and bools: bounded by eight times the input. */
  FREE,
  /** Objects and wider numbers. */
  COUNTED,
  /** Values that take no bytes in the message. */
  ZERO_SIZED
}
