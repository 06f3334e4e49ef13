package io.muxio.bitcode;

/** {@code f32}, by its bits. */
final class FloatCodec extends ScalarCodec<Float> implements OneNumber {
  FloatCodec() {
    super("f32", null, Float::floatToRawIntBits, bits -> Float.intBitsToFloat((int) bits));
  }

  @Override
  int expectedBytes() {
    return Float.BYTES;
  }

  @Override
  OneNumber one() {
    return this;
  }

  @Override
  public void write(Output out, long bits) {
    out.u32((int) bits);
  }

  @Override
  public long read(Input in) {
    return in.require(Float.BYTES).getInt();
  }

  @Override
  Writer<Float> newWriter() {
    return new FloatWriter(this);
  }

  @Override
  Reader<Float> newReader() {
    return new FloatReader(this);
  }

  private static final class FloatWriter extends Writer<Float> {
    private final GrowingInts column = new GrowingInts();

    FloatWriter(FloatCodec codec) {
      super(codec);
    }

    @Override
    void addLong(long bits) {
      column.add((int) bits);
    }

    @Override
    void expect(int more) {
      column.expect(more);
    }

    @Override
    void flush(Output out) {
      FloatPacking.write(out, column.array(), column.size());
    }
  }

  private static final class FloatReader extends Reader<Float> {
    private int[] column = GrowingInts.EMPTY;
    private int next;

    FloatReader(FloatCodec codec) {
      super(codec);
    }

    @Override
    void load(Input in, int count) {
      column = FloatPacking.read(in, count);
    }

    @Override
    long nextLong() {
      return column[next++];
    }
  }
}
