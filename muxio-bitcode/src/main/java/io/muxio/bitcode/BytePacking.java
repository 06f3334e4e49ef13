package io.muxio.bitcode;

/**
 * The column of {@code u8} and {@code i8}:
 *
 * <pre>
 * up to two values    the values
 * three or more       header · [minimum, if the header is odd] · digits in the header's radix
 *
 * radix                    256  16   6   4   3   2
 * header                     0   2   4   6   8  10
 * header with a minimum          1   3   5   7   9
 * </pre>
 *
 * A minimum is subtracted from six values on, if that gives a smaller radix.
 */
final class BytePacking {
  private static final int MAX_HEADER = 10;
  private static final int SCAN_BLOCK = 64;

  private BytePacking() {}

  static void write(Output out, byte[] values, int count, boolean signed) {
    if (count <= 2) {
      out.bytes(values, count);
      return;
    }
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    int mask = signed ? -1 : 0xff;
    // A spread of 16 settles it: nothing packs such values.
    for (int from = 0; from < count && (from == 0 || max - min < 16); from += SCAN_BLOCK) {
      int end = Math.min(count, from + SCAN_BLOCK);
      for (int i = from; i < end; i++) {
        int value = values[i] & mask;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    Radix plain = min >= 0 ? Radix.holding(max) : Radix.R256;
    Radix shifted = Radix.holding(max - min);
    if (count >= IntegerHeader.LEAST_FOR_MINIMUM && shifted.base < plain.base) {
      out.u8(2 * shifted.code - 1);
      out.u8(min);
      shifted.pack(out, difference(values, count, min), count);
    } else {
      out.u8(2 * plain.code);
      plain.pack(out, values, count);
    }
  }

  private static byte[] difference(byte[] values, int count, int minimum) {
    byte[] result = new byte[count];
    for (int i = 0; i < count; i++) {
      result[i] = (byte) (values[i] - minimum);
    }
    return result;
  }

  static byte[] read(Input in, int count) {
    if (count <= 2) {
      return in.bytes(count);
    }
    int header = in.u8();
    if (header > MAX_HEADER) {
      throw new BitcodeException(
          "header %d of a byte column, expected 0 to %d".formatted(header, MAX_HEADER));
    }
    boolean hasMinimum = (header & 1) != 0;
    int minimum = hasMinimum ? in.u8() : 0;
    byte[] values = Radix.of((header + 1) / 2).unpack(in, count);
    if (minimum != 0) {
      for (int i = 0; i < count; i++) {
        values[i] += (byte) minimum;
      }
    }
    return values;
  }
}
