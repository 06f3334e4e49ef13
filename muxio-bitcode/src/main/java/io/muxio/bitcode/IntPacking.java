package io.muxio.bitcode;

import java.nio.ByteBuffer;

/** Columns of 16 and 32 bit integers, which a column keeps in an {@code int} each. */
final class IntPacking {
  private static final int SCAN_BLOCK = 64;

  private IntPacking() {}

  static void write(Output out, int[] values, int count, IntType type) {
    if (count == 0) {
      return;
    }
    if (count == 1) {
      writeOne(out, values[0], type.width());
      return;
    }
    long mask = type.signed() ? -1L : 0xffff_ffffL;
    long half = 1L << (type.width() / 2);
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    // A spread over half the width settles it: the values are stored in full.
    for (int from = 0; from < count && (from == 0 || max - min < half); from += SCAN_BLOCK) {
      int end = Math.min(count, from + SCAN_BLOCK);
      for (int i = from; i < end; i++) {
        long value = values[i] & mask;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    int plain = min < 0 ? type.width() : IntegerHeader.widthOf(max);
    IntegerHeader header = IntegerHeader.choose(count, plain, IntegerHeader.widthOf(max - min));
    header.write(out, type.width());
    int minimum = header.hasMinimum() ? (int) min : 0;
    if (header.hasMinimum()) {
      putMinimum(out, minimum, type.width());
    }
    writeStored(out, values, count, minimum, header.width());
  }

  /** A column of one value, which never has a minimum. */
  static void writeOne(Output out, int value, int typeWidth) {
    if (typeWidth == 16) {
      out.u16(value);
      return;
    }
    if (value >>> 8 == 0) {
      out.u8u8(IntegerHeader.plain(8, 32), value);
    } else if (value >>> 16 == 0) {
      out.u8u16(IntegerHeader.plain(16, 32), value);
    } else {
      out.u8u32(IntegerHeader.plain(32, 32), value);
    }
  }

  /** Reads a column of one value. */
  static int readOne(Input in, IntType type) {
    if (type.width() == 16) {
      return type.narrow(in.require(Short.BYTES).getShort());
    }
    IntegerHeader header = IntegerHeader.read(in, type.width());
    int minimum = header.hasMinimum() ? readMinimum(in, type.width()) : 0;
    return type.narrow(minimum + (int) LongPacking.takeOne(in, header.width()));
  }

  static int[] read(Input in, int count, IntType type) {
    if (count == 0) {
      return GrowingInts.EMPTY;
    }
    if (count == 1) {
      return new int[] {readOne(in, type)};
    }
    IntegerHeader header = IntegerHeader.read(in, type.width());
    int minimum = header.hasMinimum() ? readMinimum(in, type.width()) : 0;
    int[] values = readStored(in, count, header.width());
    if (minimum != 0 || type.width() == 16) {
      for (int i = 0; i < count; i++) {
        values[i] = type.narrow(values[i] + minimum);
      }
    }
    return values;
  }

  private static void putMinimum(Output out, int minimum, int width) {
    if (width == 16) {
      out.u16(minimum);
    } else {
      out.u32(minimum);
    }
  }

  private static int readMinimum(Input in, int width) {
    return width == 16 ? in.require(Short.BYTES).getShort() : in.require(Integer.BYTES).getInt();
  }

  private static void writeStored(Output out, int[] values, int count, int minimum, int width) {
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
    } else {
      // At full width nothing was subtracted.
      int start = target.position();
      target.asIntBuffer().put(values, 0, count);
      target.position(start + Integer.BYTES * count);
    }
  }

  private static int[] readStored(Input in, int count, int width) {
    if (width == 8) {
      byte[] bytes = BytePacking.read(in, count);
      int[] values = new int[count];
      for (int i = 0; i < count; i++) {
        values[i] = bytes[i] & 0xff;
      }
      return values;
    }
    ByteBuffer source = in.require((long) count * width / 8);
    int[] values = new int[count];
    if (width == 16) {
      for (int i = 0; i < count; i++) {
        values[i] = source.getShort() & 0xffff;
      }
    } else {
      source.asIntBuffer().get(values);
      source.position(source.position() + Integer.BYTES * count);
    }
    return values;
  }
}
