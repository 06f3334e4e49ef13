package io.muxio.bitcode;

/** {@code double[]}, as the {@code u64} of its bits. */
final class DoubleElements extends ArrayElements<double[]> {
  DoubleElements() {
    super("f64", ElementCost.COUNTED, null);
  }

  @Override
  Elements.Writer<double[]> newWriter() {
    return new Writer();
  }

  @Override
  Elements.Reader<double[]> newReader() {
    return new Reader();
  }

  private static final class Writer extends Elements.Writer<double[]> {
    private final GrowingLongs column = new GrowingLongs();

    @Override
    int addAll(double[] array) {
      int first = column.claim(array.length);
      long[] values = column.array();
      for (int i = 0; i < array.length; i++) {
        values[first + i] = Double.doubleToRawLongBits(array[i]);
      }
      return array.length;
    }

    @Override
    void flush(Output out) {
      LongPacking.write(out, column.array(), column.size(), false);
    }
  }

  private static final class Reader extends Elements.Reader<double[]> {
    private long[] column = GrowingLongs.EMPTY;
    private int next;

    @Override
    void load(Input in, int count) {
      column = LongPacking.read(in, count);
    }

    @Override
    double[] take(int count) {
      double[] array = new double[count];
      for (int i = 0; i < count; i++) {
        array[i] = Double.longBitsToDouble(column[next + i]);
      }
      next += count;
      return array;
    }
  }
}
