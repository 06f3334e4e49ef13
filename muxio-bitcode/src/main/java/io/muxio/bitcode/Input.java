package io.muxio.bitcode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A message being read, and what is left of its limits. Every column asks for its bytes before it
 * allocates, so that a false length costs nothing.
 */
final class Input {
  private final ByteBuffer bytes;
  private final BitcodeLimits limits;
  private final long maxElements;
  private long elements;
  private long zeroSizedElements;

  Input(ByteBuffer message, BitcodeLimits limits) {
    this.bytes = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    this.limits = limits;
    this.maxElements = Math.max(limits.maxElements(), bytes.remaining());
  }

  /**
   * Checks that so many bytes are left.
   *
   * @return the buffer, at the first of them
   */
  ByteBuffer require(long length) {
    if (length > bytes.remaining()) {
      throw new BitcodeException(
          "%d bytes left, expected at least %d".formatted(bytes.remaining(), length));
    }
    return bytes;
  }

  int u8() {
    return require(1).get() & 0xff;
  }

  byte[] bytes(int length) {
    require(length);
    byte[] result = new byte[length];
    bytes.get(result);
    return result;
  }

  /**
   * Admits the elements of a column of collections: never more than the input can hold, and within
   * the limits.
   */
  int admit(long count, ElementCost cost) {
    if (cost == ElementCost.ZERO_SIZED) {
      zeroSizedElements += count;
      check("elements without content", zeroSizedElements, limits.maxZeroSizedElements());
      return (int) count;
    }
    // Eight values per byte is the densest packing there is.
    require(count / 8);
    if (cost == ElementCost.COUNTED) {
      elements += count;
      check("elements", elements, maxElements);
    }
    check("elements", count, Growth.MAX_LENGTH);
    return (int) count;
  }

  void expectEnd() {
    if (bytes.hasRemaining()) {
      throw new BitcodeException(
          "%d bytes left over, expected the end of the message".formatted(bytes.remaining()));
    }
  }

  private static void check(String what, long count, long max) {
    if (count > max) {
      throw new BitcodeException("%d %s, the limit is %d".formatted(count, what, max));
    }
  }
}
