package io.muxio.bitcode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How small numbers share a byte: {@code d0 + d1*r + d2*r^2 + ...}, the first digit least
 * significant.
 */
enum Radix {
  R256(0, 256, 1),
  R16(1, 16, 2),
  R6(2, 6, 3),
  R4(3, 4, 4),
  R3(4, 3, 5),
  R2(5, 2, 8);

  private static final Radix[] VALUES = values();

  /** Eight digits of an array at once, the first one lowest. */
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** How headers name it, see {@link BytePacking}. */
  final int code;

  /** The number of values that a digit can have. */
  final int base;

  /** The number of digits in a byte. */
  final int perByte;

  /**
   * Never written to again: the digits of each byte, one in each byte of a long, the first one
   * lowest.
   */
  @SuppressWarnings("ImmutableEnumChecker")
  private final long[] digits;

  /** The lowest {@code perByte} bytes of a long. */
  private final long mask;

  /**
   * The weights of the digits, the first one's highest. In the product with a group of digits, the
   * byte {@code perByte - 1} is the packed byte: no lower byte of the product exceeds 255.
   */
  private final long weights;

  Radix(int code, int base, int perByte) {
    this.code = code;
    this.base = base;
    this.perByte = perByte;
    this.mask = -1L >>> (Long.SIZE - Byte.SIZE * perByte);
    this.digits = new long[256];
    for (int value = 0; value < 256; value++) {
      int rest = value;
      for (int i = 0; i < perByte; i++, rest /= base) {
        digits[value] |= (long) (rest % base) << (Byte.SIZE * i);
      }
    }
    long reversed = 0;
    for (int i = 0, weight = 1; i < perByte; i++, weight *= base) {
      reversed = (reversed << Byte.SIZE) | weight;
    }
    this.weights = reversed;
  }

  /** The smallest radix with a digit for {@code max}, 0 to 255. */
  static Radix holding(int max) {
    for (int i = VALUES.length - 1; i > 0; i--) {
      if (max < VALUES[i].base) {
        return VALUES[i];
      }
    }
    return R256;
  }

  /** The radix with a code, 0 to 5. */
  static Radix of(int code) {
    return VALUES[code];
  }

  /** The number of bytes that so many digits take. */
  int packedLength(int count) {
    return (int) ((count + (long) perByte - 1) / perByte);
  }

  /** Writes values below the base. */
  void pack(Output out, byte[] values, int count) {
    ByteBuffer target = out.claim(packedLength(count));
    if (this == R256) {
      target.put(values, 0, count);
      return;
    }
    int shift = Byte.SIZE * (perByte - 1);
    int i = 0;
    for (; i <= count - Long.BYTES; i += perByte) {
      long group = (long) LONGS.get(values, i) & mask;
      target.put((byte) ((group * weights) >>> shift));
    }
    for (; i < count; i += perByte) {
      int packed = 0;
      for (int last = Math.min(i + perByte, count) - 1; last >= i; last--) {
        packed = packed * base + values[last];
      }
      target.put((byte) packed);
    }
  }

  /** Reads digits, one per byte of the result. Unused digits of the last byte are ignored. */
  byte[] unpack(Input in, int count) {
    if (this == R256) {
      return in.bytes(count);
    }
    ByteBuffer source = in.require(packedLength(count));
    byte[] values = new byte[count];
    int i = 0;
    for (; i <= count - Long.BYTES; i += perByte) {
      // What this writes behind its own digits, the next group overwrites.
      LONGS.set(values, i, digits[source.get() & 0xff]);
    }
    while (i < count) {
      long group = digits[source.get() & 0xff];
      for (int end = Math.min(i + perByte, count); i < end; i++, group >>>= Byte.SIZE) {
        values[i] = (byte) group;
      }
    }
    return values;
  }
}
