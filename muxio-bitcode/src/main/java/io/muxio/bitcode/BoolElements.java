package io.muxio.bitcode;

import java.util.Arrays;
import java.util.Comparator;

/** {@code boolean[]}. */
final class BoolElements extends ArrayElements<boolean[]> {
  BoolElements() {
    super("bool", ElementCost.FREE, (Comparator<boolean[]>) Arrays::compare);
  }

  @Override
  Elements.Writer<boolean[]> newWriter() {
    return new Writer();
  }

  @Override
  Elements.Reader<boolean[]> newReader() {
    return new Reader();
  }

  private static final class Writer extends Elements.Writer<boolean[]> {
    private final GrowingBytes column = new GrowingBytes();

    @Override
    int addAll(boolean[] array) {
      int first = column.claim(array.length);
      byte[] values = column.array();
      for (int i = 0; i < array.length; i++) {
        values[first + i] = (byte) (array[i] ? 1 : 0);
      }
      return array.length;
    }

    @Override
    void flush(Output out) {
      Radix.R2.pack(out, column.array(), column.size());
    }
  }

  private static final class Reader extends Elements.Reader<boolean[]> {
    private byte[] column = GrowingBytes.EMPTY;
    private int next;

    @Override
    void load(Input in, int count) {
      column = Radix.R2.unpack(in, count);
    }

    @Override
    boolean[] take(int count) {
      boolean[] array = new boolean[count];
      for (int i = 0; i < count; i++) {
        array[i] = column[next + i] != 0;
      }
      next += count;
      return array;
    }
  }
}
