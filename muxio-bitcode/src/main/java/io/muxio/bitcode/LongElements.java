package io.muxio.bitcode;

import java.util.Arrays;

/** {@code long[]}, as {@code u64}, {@code i64}, {@code usize} or {@code isize}. */
final class LongElements extends ArrayElements<long[]> {
  private final boolean signed;

  LongElements(String name, boolean signed) {
    super(name, ElementCost.COUNTED, signed ? Arrays::compare : Arrays::compareUnsigned);
    this.signed = signed;
  }

  @Override
  Elements.Writer<long[]> newWriter() {
    return new Writer(signed);
  }

  @Override
  Elements.Reader<long[]> newReader() {
    return new Reader();
  }

  private static final class Writer extends Elements.Writer<long[]> {
    private final boolean signed;
    private final GrowingLongs column = new GrowingLongs();

    Writer(boolean signed) {
      this.signed = signed;
    }

    @Override
    int addAll(long[] array) {
      column.addAll(array);
      return array.length;
    }

    @Override
    void flush(Output out) {
      LongPacking.write(out, column.array(), column.size(), signed);
    }
  }

  private static final class Reader extends Elements.Reader<long[]> {
    private long[] column = GrowingLongs.EMPTY;
    private int next;

    @Override
    void load(Input in, int count) {
      column = LongPacking.read(in, count);
    }

    @Override
    long[] take(int count) {
      int from = next;
      next += count;
      return count == column.length ? column : Arrays.copyOfRange(column, from, next);
    }
  }
}
