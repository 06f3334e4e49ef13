package io.muxio.bitcode;

import java.util.Arrays;
import java.util.Comparator;

/** {@code char[]}, as {@code char}. */
final class CharElements extends ArrayElements<char[]> {
  CharElements() {
    super(IntType.JAVA_CHAR.rustName(), ElementCost.COUNTED, (Comparator<char[]>) Arrays::compare);
  }

  @Override
  Elements.Writer<char[]> newWriter() {
    return new Writer();
  }

  @Override
  Elements.Reader<char[]> newReader() {
    return new Reader();
  }

  private static final class Writer extends Elements.Writer<char[]> {
    private final GrowingInts column = new GrowingInts();

    @Override
    int addAll(char[] array) {
      int first = column.claim(array.length);
      int[] values = column.array();
      for (int i = 0; i < array.length; i++) {
        values[first + i] = IntType.JAVA_CHAR.check(array[i]);
      }
      return array.length;
    }

    @Override
    void flush(Output out) {
      IntPacking.write(out, column.array(), column.size(), IntType.JAVA_CHAR);
    }
  }

  private static final class Reader extends Elements.Reader<char[]> {
    private int[] column = GrowingInts.EMPTY;
    private int next;

    @Override
    void load(Input in, int count) {
      column = IntType.JAVA_CHAR.checkAll(IntPacking.read(in, count, IntType.JAVA_CHAR));
    }

    @Override
    char[] take(int count) {
      char[] array = new char[count];
      for (int i = 0; i < count; i++) {
        array[i] = (char) column[next + i];
      }
      next += count;
      return array;
    }
  }
}
