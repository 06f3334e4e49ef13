package io.muxio.bitcode;

import java.util.Arrays;
import java.util.Comparator;

/** {@code short[]}, as {@code i16}. */
final class ShortElements extends ArrayElements<short[]> {
  ShortElements() {
    super(IntType.I16.rustName(), ElementCost.COUNTED, (Comparator<short[]>) Arrays::compare);
  }

  @Override
  Elements.Writer<short[]> newWriter() {
    return new Writer();
  }

  @Override
  Elements.Reader<short[]> newReader() {
    return new Reader();
  }

  private static final class Writer extends Elements.Writer<short[]> {
    private final GrowingInts column = new GrowingInts();

    @Override
    int addAll(short[] array) {
      int first = column.claim(array.length);
      int[] values = column.array();
      for (int i = 0; i < array.length; i++) {
        values[first + i] = array[i];
      }
      return array.length;
    }

    @Override
    void flush(Output out) {
      IntPacking.write(out, column.array(), column.size(), IntType.I16);
    }
  }

  private static final class Reader extends Elements.Reader<short[]> {
    private int[] column = GrowingInts.EMPTY;
    private int next;

    @Override
    void load(Input in, int count) {
      column = IntPacking.read(in, count, IntType.I16);
    }

    @Override
    short[] take(int count) {
      short[] array = new short[count];
      for (int i = 0; i < count; i++) {
        array[i] = (short) column[next + i];
      }
      next += count;
      return array;
    }
  }
}
