package io.muxio.bitcode;

/** {@code bool}: bits without a header. */
final class BoolCodec extends ScalarCodec<Boolean> implements OneNumber {
  BoolCodec() {
    super("bool", Boolean::compare, value -> value ? 1 : 0, number -> number != 0);
  }

  @Override
  int expectedBytes() {
    return 1;
  }

  @Override
  OneNumber one() {
    return this;
  }

  @Override
  public void write(Output out, long value) {
    out.u8((int) value);
  }

  @Override
  public long read(Input in) {
    return in.u8() & 1; // the other bits are ignored, as in a longer column
  }

  @Override
  Writer<Boolean> newWriter() {
    return new BoolWriter(this);
  }

  @Override
  Reader<Boolean> newReader() {
    return new BoolReader(this);
  }

  private static final class BoolWriter extends Writer<Boolean> {
    private final GrowingBytes column = new GrowingBytes();

    BoolWriter(BoolCodec codec) {
      super(codec);
    }

    @Override
    void addLong(long value) {
      column.add((byte) value);
    }

    @Override
    void expect(int more) {
      column.expect(more);
    }

    @Override
    void flush(Output out) {
      Radix.R2.pack(out, column.array(), column.size());
    }
  }

  private static final class BoolReader extends Reader<Boolean> {
    private byte[] column = GrowingBytes.EMPTY;
    private int next;

    BoolReader(BoolCodec codec) {
      super(codec);
    }

    @Override
    void load(Input in, int count) {
      column = Radix.R2.unpack(in, count);
    }

    @Override
    long nextLong() {
      return column[next++];
    }
  }
}
