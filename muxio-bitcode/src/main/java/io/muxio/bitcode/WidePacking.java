package io.muxio.bitcode;

import java.nio.ByteBuffer;

/** Columns of 128 bit integers, kept as two longs each. */
final class WidePacking {
  private static final int WIDTH = 128;
  private static final int BYTES = 16;

  private WidePacking() {}

  /** The upper and lower halves of the values. */
  @SuppressWarnings("ArrayRecordComponent") // A pair of arrays, never compared.
  record Column(long[] high, long[] low) {
    static final Column EMPTY = new Column(GrowingLongs.EMPTY, GrowingLongs.EMPTY);
  }

  static void write(Output out, long[] high, long[] low, int count, boolean signed) {
    if (count == 0) {
      return;
    }
    int min = 0;
    int max = 0;
    for (int i = 1; i < count; i++) {
      if (compare(high[i], low[i], high[min], low[min], signed) < 0) {
        min = i;
      } else if (compare(high[i], low[i], high[max], low[max], signed) > 0) {
        max = i;
      }
    }
    long minHigh = high[min];
    long minLow = low[min];
    long spreadLow = low[max] - minLow;
    long spreadHigh = high[max] - minHigh - borrow(low[max], minLow);
    int plain = signed && minHigh < 0 ? WIDTH : widthOf(high[max], low[max]);
    IntegerHeader header = IntegerHeader.choose(count, plain, widthOf(spreadHigh, spreadLow));
    header.write(out, WIDTH);
    if (header.hasMinimum()) {
      out.u64(minLow);
      out.u64(minHigh);
    }
    if (header.width() == WIDTH) {
      ByteBuffer target = out.claim((long) BYTES * count);
      for (int i = 0; i < count; i++) {
        target.putLong(low[i]).putLong(high[i]);
      }
    } else {
      // What is stored fits the lower halves, and so does the subtraction.
      LongPacking.writeStored(out, low, count, header.hasMinimum() ? minLow : 0, header.width());
    }
  }

  static Column read(Input in, int count) {
    if (count == 0) {
      return Column.EMPTY;
    }
    IntegerHeader header = IntegerHeader.read(in, WIDTH);
    long minLow = 0;
    long minHigh = 0;
    if (header.hasMinimum()) {
      ByteBuffer source = in.require(BYTES);
      minLow = source.getLong();
      minHigh = source.getLong();
    }
    Column column = readStored(in, count, header.width());
    if (minLow != 0 || minHigh != 0) {
      for (int i = 0; i < count; i++) {
        long low = column.low[i] + minLow;
        column.low[i] = low;
        column.high[i] += minHigh + (Long.compareUnsigned(low, minLow) < 0 ? 1 : 0);
      }
    }
    return column;
  }

  private static Column readStored(Input in, int count, int width) {
    if (width < WIDTH) {
      long[] low = LongPacking.readStored(in, count, width);
      return new Column(new long[count], low);
    }
    ByteBuffer source = in.require((long) BYTES * count);
    Column column = new Column(new long[count], new long[count]);
    for (int i = 0; i < count; i++) {
      column.low[i] = source.getLong();
      column.high[i] = source.getLong();
    }
    return column;
  }

  private static int compare(long highA, long lowA, long highB, long lowB, boolean signed) {
    if (highA == highB) {
      return Long.compareUnsigned(lowA, lowB);
    }
    return signed ? Long.compare(highA, highB) : Long.compareUnsigned(highA, highB);
  }

  private static int borrow(long low, long subtracted) {
    return Long.compareUnsigned(low, subtracted) < 0 ? 1 : 0;
  }

  private static int widthOf(long high, long low) {
    return high == 0 ? IntegerHeader.widthOf(low) : WIDTH;
  }
}
