package io.muxio.bitcode;

import java.nio.ByteBuffer;

/**
 * The column of {@code f32}: the low three bytes of all values, then the high bytes of all values,
 * because neighbours often share sign and exponent and a later compression can profit.
 */
final class FloatPacking {
  private static final int LOW_BYTES = 3;
  private static final int LOW_BITS = 24;
  private static final int LOW_MASK = 0xff_ffff;

  private FloatPacking() {}

  static void write(Output out, int[] bits, int count) {
    ByteBuffer target = out.claim((long) Float.BYTES * count);
    int low = target.position();
    int high = low + LOW_BYTES * count;
    for (int i = 0; i < count; i++) {
      // The fourth byte is overwritten, by the next value or by the first high byte.
      target.putInt(low + LOW_BYTES * i, bits[i]);
    }
    for (int i = 0; i < count; i++) {
      target.put(high + i, (byte) (bits[i] >> LOW_BITS));
    }
    target.position(high + count);
  }

  static int[] read(Input in, int count) {
    ByteBuffer source = in.require((long) Float.BYTES * count);
    int[] bits = new int[count];
    int low = source.position();
    int high = low + LOW_BYTES * count;
    for (int i = 0; i < count; i++) {
      int lowBits = source.getInt(low + LOW_BYTES * i) & LOW_MASK;
      bits[i] = lowBits | (source.get(high + i) << LOW_BITS);
    }
    source.position(high + count);
    return bits;
  }
}
