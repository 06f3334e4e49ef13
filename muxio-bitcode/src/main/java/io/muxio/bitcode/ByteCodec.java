package io.muxio.bitcode;

import java.util.Comparator;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/** {@code u8} and {@code i8}. */
final class ByteCodec<T> extends ScalarCodec<T> {
  private final boolean signed;

  private ByteCodec(
      String name,
      boolean signed,
      Comparator<T> order,
      ToLongFunction<T> toLong,
      LongFunction<T> fromLong) {
    super(name, order, toLong, fromLong);
    this.signed = signed;
  }

  static ByteCodec<Integer> u8() {
    return new ByteCodec<>(
        "u8", false, Integer::compare, Integer::longValue, number -> (int) number);
  }

  static ByteCodec<Byte> i8() {
    return new ByteCodec<>("i8", true, Byte::compare, Byte::longValue, number -> (byte) number);
  }

  @Override
  int expectedBytes() {
    return 1;
  }

  @Override
  void writeOneLong(long value, Output out) {
    out.u8(check(value));
  }

  @Override
  long readOneLong(Input in) {
    int bits = in.u8();
    return signed ? (byte) bits : bits;
  }

  private byte check(long value) {
    if (value != (signed ? (byte) value : value & 0xff)) {
      throw new BitcodeException(
          signed
              ? "i8 is %d, expected -128 to 127".formatted(value)
              : "u8 is %d, expected 0 to 255".formatted(value));
    }
    return (byte) value;
  }

  @Override
  Writer<T> newWriter() {
    return new ByteWriter<>(this);
  }

  @Override
  Reader<T> newReader() {
    return new ByteReader<>(this);
  }

  private static final class ByteWriter<T> extends Writer<T> {
    private final GrowingBytes column = new GrowingBytes();
    private final ByteCodec<T> codec;

    ByteWriter(ByteCodec<T> codec) {
      super(codec);
      this.codec = codec;
    }

    @Override
    void addLong(long value) {
      column.add(codec.check(value));
    }

    @Override
    void expect(int more) {
      column.expect(more);
    }

    @Override
    void flush(Output out) {
      BytePacking.write(out, column.array(), column.size(), codec.signed);
    }
  }

  private static final class ByteReader<T> extends Reader<T> {
    private final int mask;
    private byte[] column = GrowingBytes.EMPTY;
    private int next;

    ByteReader(ByteCodec<T> codec) {
      super(codec);
      this.mask = codec.signed ? -1 : 0xff;
    }

    @Override
    void load(Input in, int count) {
      column = BytePacking.read(in, count);
    }

    @Override
    long nextLong() {
      return column[next++] & mask;
    }
  }
}
