package io.muxio.bitcode;

import java.util.Comparator;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/** {@code u8} and {@code i8}. */
final class ByteCodec<T> extends ScalarCodec<T> {
  private final ByteType type;

  private ByteCodec(
      String name,
      boolean signed,
      Comparator<T> order,
      ToLongFunction<T> toLong,
      LongFunction<T> fromLong) {
    super(name, order, toLong, fromLong);
    this.type = new ByteType(signed);
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
  OneNumber one() {
    return type;
  }

  @Override
  Writer<T> newWriter() {
    return new ByteWriter<>(this);
  }

  @Override
  Reader<T> newReader() {
    return new ByteReader<>(this);
  }

  private record ByteType(boolean signed) implements OneNumber {
    @Override
    public void write(Output out, long value) {
      out.u8(check(value));
    }

    @Override
    public long read(Input in) {
      int bits = in.u8();
      return signed ? (byte) bits : bits;
    }

    byte check(long value) {
      if (value != (signed ? (byte) value : value & 0xff)) {
        throw new BitcodeException(
            signed
                ? "i8 is %d, expected -128 to 127".formatted(value)
                : "u8 is %d, expected 0 to 255".formatted(value));
      }
      return (byte) value;
    }
  }

  private static final class ByteWriter<T> extends Writer<T> {
    private final GrowingBytes column = new GrowingBytes();
    private final ByteType type;

    ByteWriter(ByteCodec<T> codec) {
      super(codec);
      this.type = codec.type;
    }

    @Override
    void addLong(long value) {
      column.add(type.check(value));
    }

    @Override
    void expect(int more) {
      column.expect(more);
    }

    @Override
    void flush(Output out) {
      BytePacking.write(out, column.array(), column.size(), type.signed);
    }
  }

  private static final class ByteReader<T> extends Reader<T> {
    private final int mask;
    private byte[] column = GrowingBytes.EMPTY;
    private int next;

    ByteReader(ByteCodec<T> codec) {
      super(codec);
      this.mask = codec.type.signed ? -1 : 0xff;
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
