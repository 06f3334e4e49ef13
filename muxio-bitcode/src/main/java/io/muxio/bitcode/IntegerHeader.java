package io.muxio.bitcode;

/**
 * The first byte of a column of integers of 16 to 128 bits: {@code 2 * k}, where {@code k} says how
 * often the width of the type was halved, less 1 if a minimum of the full width follows.
 *
 * @param width the width in which the values are stored: 8, 16, 32, 64 or 128 bits
 * @param hasMinimum whether a minimum was subtracted from them
 */
record IntegerHeader(int width, boolean hasMinimum) {
  /** A column of fewer values is written without a minimum. */
  static final int LEAST_FOR_MINIMUM = 6;

  /**
   * Chooses the header.
   *
   * @param count the number of values
   * @param plain the width that holds the values, the full width if one is negative
   * @param shifted the width that holds their differences from the smallest
   */
  static IntegerHeader choose(int count, int plain, int shifted) {
    return count >= LEAST_FOR_MINIMUM && shifted < plain
        ? new IntegerHeader(shifted, true)
        : new IntegerHeader(plain, false);
  }

  static IntegerHeader read(Input in, int typeWidth) {
    int header = in.u8();
    int width = typeWidth >> Math.min(31, (header + 1) / 2);
    if (width < 8) {
      int max = 2 * halvings(typeWidth, 8);
      throw new BitcodeException(
          "header %d of a column of %d bit integers, expected 0 to %d"
              .formatted(header, typeWidth, max));
    }
    return new IntegerHeader(width, (header & 1) != 0);
  }

  void write(Output out, int typeWidth) {
    out.u8(plain(width, typeWidth) - (hasMinimum ? 1 : 0));
  }

  /** The header of values that are stored as they are. */
  static int plain(int width, int typeWidth) {
    return 2 * halvings(typeWidth, width);
  }

  /** The smallest width, up to 64 bits, that holds an unsigned number. */
  static int widthOf(long unsigned) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(unsigned);
    return bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
  }

  private static int halvings(int from, int to) {
    return Integer.numberOfTrailingZeros(from) - Integer.numberOfTrailingZeros(to);
  }
}
