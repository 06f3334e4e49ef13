package io.muxio.bitcode;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;

/** The rules for integer columns, followed word by word and without regard to speed. */
final class ReferencePacking {
  private static final int[] RADICES = {2, 3, 4, 6, 16, 256};
  private static final int[] PER_BYTE = {8, 5, 4, 3, 2, 1};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private ReferencePacking() {}

  /** A column of integers of so many bits. */
  static byte[] column(List<BigInteger> values, int bits) {
    ReferencePacking packing = new ReferencePacking();
    if (bits == 8) {
      packing.bytes(values);
    } else {
      packing.integers(values, bits);
    }
    return packing.out.toByteArray();
  }

  private void bytes(List<BigInteger> values) {
    if (values.size() <= 2) {
      values.forEach(value -> number(value, 8));
      return;
    }
    BigInteger min = Collections.min(values);
    BigInteger max = Collections.max(values);
    int plain = min.signum() >= 0 ? radix(max) : 5;
    int shifted = radix(max.subtract(min));
    if (shifted < plain && values.size() >= 6) {
      out.write(2 * (5 - shifted) - 1);
      number(min, 8);
      digits(values.stream().map(value -> value.subtract(min)).toList(), shifted);
    } else {
      out.write(2 * (5 - plain));
      digits(values, plain);
    }
  }

  private void integers(List<BigInteger> values, int bits) {
    if (values.isEmpty()) {
      return;
    }
    if (bits == 16 && values.size() == 1) {
      number(values.get(0), bits);
      return;
    }
    BigInteger min = Collections.min(values);
    BigInteger max = Collections.max(values);
    int plain = min.signum() >= 0 ? width(max) : bits;
    int shifted = width(max.subtract(min));
    if (shifted < plain && values.size() >= 6) {
      out.write(2 * halvings(bits, shifted) - 1);
      number(min, bits);
      stored(values.stream().map(value -> value.subtract(min)).toList(), shifted);
    } else {
      out.write(2 * halvings(bits, plain));
      stored(values, plain);
    }
  }

  private void stored(List<BigInteger> values, int width) {
    if (width == 8) {
      bytes(values);
    } else {
      values.forEach(value -> number(value, width));
    }
  }

  private void digits(List<BigInteger> values, int radix) {
    for (int from = 0; from < values.size(); from += PER_BYTE[radix]) {
      int end = Math.min(values.size(), from + PER_BYTE[radix]);
      int packed = 0;
      int weight = 1;
      for (BigInteger value : values.subList(from, end)) {
        packed += (value.intValue() & 0xff) * weight;
        weight *= RADICES[radix];
      }
      out.write(packed);
    }
  }

  private void number(BigInteger value, int bits) {
    for (int shift = 0; shift < bits; shift += 8) {
      out.write(value.shiftRight(shift).intValue());
    }
  }

  private static int radix(BigInteger max) {
    int index = 0;
    while (max.intValue() >= RADICES[index]) {
      index++;
    }
    return index;
  }

  private static int width(BigInteger max) {
    int width = 8;
    while (max.bitLength() > width) {
      width *= 2;
    }
    return width;
  }

  private static int halvings(int from, int to) {
    return from == to ? 0 : 1 + halvings(from / 2, to);
  }
}
