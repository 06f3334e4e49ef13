package io.muxio.bitcode;

import java.math.BigInteger;

/** {@code NonZeroU8} and so on. */
final class NonZeroCodec {
  private NonZeroCodec() {}

  static <T extends Number> BitcodeCodec<T> of(BitcodeCodec<T> integer) {
    String name = "NonZero<" + integer + ">";
    return new MappedCodec<>(name, integer, NonZeroCodec::check, NonZeroCodec::check);
  }

  private static <T extends Number> T check(T value) {
    boolean zero = value instanceof BigInteger big ? big.signum() == 0 : value.longValue() == 0;
    if (zero) {
      throw new BitcodeException("0, expected any other number");
    }
    return value;
  }
}
