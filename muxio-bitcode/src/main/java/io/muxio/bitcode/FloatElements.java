package io.muxio.bitcode;

/** {@code float[]}. */
final class FloatElements extends ArrayElements<float[]> {
  FloatElements() {
    super("f32", ElementCost.COUNTED, null);
  }

  @Override
  Elements.Writer<float[]> newWriter() {
    return new Writer();
  }

  @Override
  Elements.Reader<float[]> newReader() {
    return new Reader();
  }

  private static final class Writer extends Elements.Writer<float[]> {
    private final GrowingInts column = new GrowingInts();

    @Override
    int addAll(float[] array) {
      int first = column.claim(array.length);
      int[] values = column.array();
      for (int i = 0; i < array.length; i++) {
        values[first + i] = Float.floatToRawIntBits(array[i]);
      }
      return array.length;
    }

    @Override
    void flush(Output out) {
      FloatPacking.write(out, column.array(), column.size());
    }
  }

  private static final class Reader extends Elements.Reader<float[]> {
    private int[] column = GrowingInts.EMPTY;
    private int next;

    @Override
    void load(Input in, int count) {
      column = FloatPacking.read(in, count);
    }

    @Override
    float[] take(int count) {
      float[] array = new float[count];
      for (int i = 0; i < count; i++) {
        array[i] = Float.intBitsToFloat(column[next + i]);
      }
      next += count;
      return array;
    }
  }
}
