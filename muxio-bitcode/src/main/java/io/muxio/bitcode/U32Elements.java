package io.muxio.bitcode;

import java.util.Arrays;
import java.util.Comparator;

/** {@code long[]} of values below 2^32, as {@code u32}. */
final class U32Elements extends ArrayElements<long[]> {
  U32Elements() {
    super(IntType.U32.rustName(), ElementCost.COUNTED, (Comparator<long[]>) Arrays::compare);
  }

  @Override
  Elements.Writer<long[]> newWriter() {
    return new Writer();
  }

  @Override
  Elements.Reader<long[]> newReader() {
    return new Reader();
  }

  private static final class Writer extends Elements.Writer<long[]> {
    private final GrowingInts column = new GrowingInts();

    @Override
    int addAll(long[] array) {
      int first = column.claim(array.length);
      int[] values = column.array();
      for (int i = 0; i < array.length; i++) {
        values[first + i] = IntType.U32.check(array[i]);
      }
      return array.length;
    }

    @Override
    void flush(Output out) {
      IntPacking.write(out, column.array(), column.size(), IntType.U32);
    }
  }

  private static final class Reader extends Elements.Reader<long[]> {
    private int[] column = GrowingInts.EMPTY;
    private int next;

    @Override
    void load(Input in, int count) {
      column = IntPacking.read(in, count, IntType.U32);
    }

    @Override
    long[] take(int count) {
      long[] array = new long[count];
      for (int i = 0; i < count; i++) {
        array[i] = column[next + i] & 0xffff_ffffL;
      }
      next += count;
      return array;
    }
  }
}
