package io.muxio.bitcode;

/** How arrays grow. */
final class Growth {
  /** Some virtual machines cannot allocate the last few lengths below 2^31. */
  static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  /** The second array; the first one is as long as needed, which often is one value. */
  private static final int SECOND = 8;

  private Growth() {}

  /**
   * The next capacity of an array that is full: what is needed at first, then at least half as much
   * again.
   *
   * @throws BitcodeException if no array is that long
   */
  static int capacity(int current, long needed) {
    if (needed > MAX_LENGTH) {
      throw new BitcodeException(
          needed + " values or bytes to encode, expected at most " + MAX_LENGTH);
    }
    long roomy = current == 0 ? 0 : Math.max(SECOND, current + (current >> 1) + 1L);
    return (int) Math.min(MAX_LENGTH, Math.max(needed, roomy));
  }
}
