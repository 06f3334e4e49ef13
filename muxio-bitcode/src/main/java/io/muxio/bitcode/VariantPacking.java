package io.muxio.bitcode;

import java.nio.ByteBuffer;

/**
 * The column of the variants of an enum, of {@code Option} and of {@code Result}: digits in the
 * smallest radix that has one for each variant, without a header. A single variant is not written.
 */
final class VariantPacking {
  /** Variant numbers are bytes. */
  private static final int MAX_VARIANTS = 256;

  /** From so many whole bytes on, the reference checks that they are possible packings. */
  private static final int CHECKED_BYTES = 100;

  private VariantPacking() {}

  /**
   * Checks an enum.
   *
   * @throws IllegalArgumentException if it has too many variants
   */
  static void checkCount(int variantCount) {
    if (variantCount > MAX_VARIANTS) {
      throw new IllegalArgumentException(
          "%d variants, expected at most %d".formatted(variantCount, MAX_VARIANTS));
    }
  }

  static void write(Output out, byte[] variants, int count, int variantCount) {
    if (variantCount > 1) {
      Radix.holding(variantCount - 1).pack(out, variants, count);
    }
  }

  /**
   * Reads the variants.
   *
   * @param strict whether a variant has a field, which makes the reference reject impossible
   *     packings in long columns
   */
  static byte[] read(Input in, int count, int variantCount, boolean strict) {
    if (variantCount == 0 && count > 0) {
      throw new BitcodeException("a value of an enum without variants, expected none");
    }
    if (variantCount <= 1) {
      return GrowingBytes.EMPTY;
    }
    Radix radix = Radix.holding(variantCount - 1);
    if (strict && count / radix.perByte >= CHECKED_BYTES) {
      requirePossible(in, count / radix.perByte, radix);
    }
    byte[] variants = radix.unpack(in, count);
    if (variantCount < radix.base) {
      for (byte variant : variants) {
        if ((variant & 0xff) >= variantCount) {
          throw new BitcodeException(
              "variant %d, expected 0 to %d".formatted(variant & 0xff, variantCount - 1));
        }
      }
    }
    return variants;
  }

  private static void requirePossible(Input in, int wholeBytes, Radix radix) {
    int possible = (int) Math.pow(radix.base, radix.perByte);
    ByteBuffer source = in.require(wholeBytes);
    for (int i = 0; i < wholeBytes; i++) {
      int packed = source.get(source.position() + i) & 0xff;
      if (packed >= possible) {
        throw new BitcodeException(
            "byte %d of a variant column, expected 0 to %d".formatted(packed, possible - 1));
      }
    }
  }
}
