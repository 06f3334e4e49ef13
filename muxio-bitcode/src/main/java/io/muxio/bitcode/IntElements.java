package io.muxio.bitcode;

import java.util.Arrays;
import java.util.Comparator;

/** {@code int[]}: {@code i32}, {@code u16} and {@code char}. */
final class IntElements extends ArrayElements<int[]> {
  private final IntType type;

  IntElements(IntType type) {
    super(type.rustName(), ElementCost.COUNTED, (Comparator<int[]>) Arrays::compare);
    this.type = type;
  }

  @Override
  Elements.Writer<int[]> newWriter() {
    return new Writer(type);
  }

  @Override
  Elements.Reader<int[]> newReader() {
    return new Reader(type);
  }

  private static final class Writer extends Elements.Writer<int[]> {
    private final IntType type;
    private final GrowingInts column = new GrowingInts();

    Writer(IntType type) {
      this.type = type;
    }

    @Override
    int addAll(int[] array) {
      if (!type.equals(IntType.I32)) {
        for (int value : array) {
          type.check(value);
        }
      }
      column.addAll(array);
      return array.length;
    }

    @Override
    void flush(Output out) {
      IntPacking.write(out, column.array(), column.size(), type);
    }
  }

  private static final class Reader extends Elements.Reader<int[]> {
    private final IntType type;
    private int[] column = GrowingInts.EMPTY;
    private int next;

    Reader(IntType type) {
      this.type = type;
    }

    @Override
    void load(Input in, int count) {
      column = type.checkAll(IntPacking.read(in, count, type));
    }

    @Override
    int[] take(int count) {
      int from = next;
      next += count;
      return count == column.length ? column : Arrays.copyOfRange(column, from, next);
    }
  }
}
