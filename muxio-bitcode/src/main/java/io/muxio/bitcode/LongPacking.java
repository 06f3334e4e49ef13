package io.muxio.bitcode;

import java.nio.ByteBuffer;

/** Columns of 64 bit integers, and the stored form of integers that fit 64 bits. */
final class LongPacking {
  private static final int WIDTH = 64;
  private static final int SCAN_BLOCK = 64;

  private LongPacking() {}

  static void write(Output out, long[] values, int count, boolean signed) {
    if (count == 0) {
      return;
    }
    // Flipping the sign bit lets unsigned numbers be compared as signed ones.
    long flip = signed ? 0 : Long.MIN_VALUE;
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int from = 0; from < count && (from == 0 || (max - min) >>> 32 == 0); from += SCAN_BLOCK) {
      int end = Math.min(count, from + SCAN_BLOCK);
      for (int i = from; i < end; i++) {
        long value = values[i] ^ flip;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    // A spread over 32 bits settles it: the scan stopped early, and both widths are 64.
    long spread = max - min;
    int plain = signed && min < 0 ? WIDTH : IntegerHeader.widthOf(max ^ flip);
    IntegerHeader header = IntegerHeader.choose(count, plain, IntegerHeader.widthOf(spread));
    header.write(out, WIDTH);
    long minimum = header.hasMinimum() ? min ^ flip : 0;
    if (header.hasMinimum()) {
      out.u64(minimum);
    }
    writeStored(out, values, count, minimum, header.width());
  }

  /** A column of one value, which never has a minimum; a negative one is stored in full. */
  static void writeOne(Output out, long value) {
    if (value >>> 8 == 0) {
      out.u8u8(IntegerHeader.plain(8, WIDTH), (int) value);
    } else if (value >>> 16 == 0) {
      out.u8u16(IntegerHeader.plain(16, WIDTH), (int) value);
    } else if (value >>> 32 == 0) {
      out.u8u32(IntegerHeader.plain(32, WIDTH), (int) value);
    } else {
      out.u8u64(IntegerHeader.plain(WIDTH, WIDTH), value);
    }
  }

  /** Reads a column of one value. */
  static long readOne(Input in) {
    IntegerHeader header = IntegerHeader.read(in, WIDTH);
    long minimum = header.hasMinimum() ? in.require(Long.BYTES).getLong() : 0;
    return minimum + takeOne(in, header.width());
  }

  /** Reads a value without a sign. */
  static long takeOne(Input in, int width) {
    ByteBuffer source = in.require(width / Byte.SIZE);
    return switch (width) {
      case 8 -> source.get() & 0xff;
      case 16 -> source.getShort() & 0xffff;
      case 32 -> source.getInt() & 0xffff_ffffL;
      default -> source.getLong();
    };
  }

  static long[] read(Input in, int count) {
    if (count == 0) {
      return GrowingLongs.EMPTY;
    }
    IntegerHeader header = IntegerHeader.read(in, WIDTH);
    long minimum = header.hasMinimum() ? in.require(Long.BYTES).getLong() : 0;
    long[] values = readStored(in, count, header.width());
    if (minimum != 0) {
      for (int i = 0; i < count; i++) {
        values[i] += minimum;
      }
    }
    return values;
  }

  /** Writes {@code values[i] - minimum} in 8, 16, 32 or 64 bits each. */
  static void writeStored(Output out, long[] values, int count, long minimum, int width) {
    if (width == 8) {
      byte[] bytes = new byte[count];
      for (int i = 0; i < count; i++) {
        bytes[i] = (byte) (values[i] - minimum);
      }
      BytePacking.write(out, bytes, count, false);
      return;
    }
    ByteBuffer target = out.claim((long) count * width / 8);
    if (width == 16) {
      for (int i = 0; i < count; i++) {
        target.putShort((short) (values[i] - minimum));
      }
    } else if (width == 32) {
      for (int i = 0; i < count; i++) {
        target.putInt((int) (values[i] - minimum));
      }
    } else {
      // Only 128 bit columns subtract a minimum and still need 64 bits.
      int start = target.position();
      if (minimum == 0) {
        target.asLongBuffer().put(values, 0, count);
      } else {
        target.asLongBuffer().put(difference(values, count, minimum));
      }
      target.position(start + Long.BYTES * count);
    }
  }

  /** Reads values of 8, 16, 32 or 64 bits. */
  static long[] readStored(Input in, int count, int width) {
    if (width == 8) {
      byte[] bytes = BytePacking.read(in, count);
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = bytes[i] & 0xff;
      }
      return values;
    }
    ByteBuffer source = in.require((long) count * width / 8);
    long[] values = new long[count];
    if (width == 16) {
      for (int i = 0; i < count; i++) {
        values[i] = source.getShort() & 0xffff;
      }
    } else if (width == 32) {
      for (int i = 0; i < count; i++) {
        values[i] = source.getInt() & 0xffff_ffffL;
      }
    } else {
      source.asLongBuffer().get(values);
      source.position(source.position() + Long.BYTES * count);
    }
    return values;
  }

  private static long[] difference(long[] values, int count, long minimum) {
    long[] result = new long[count];
    for (int i = 0; i < count; i++) {
      result[i] = values[i] - minimum;
    }
    return result;
  }
}
