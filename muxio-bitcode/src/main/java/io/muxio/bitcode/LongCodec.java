package io.muxio.bitcode;

import java.util.Comparator;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** {@code u64}, {@code i64}, {@code usize}, {@code isize}, and {@code f64} by its bits. */
final class LongCodec<T> extends ScalarCodec<T> {
  private final boolean signed;

  private LongCodec(
      String name,
      boolean signed,
      @Nullable Comparator<T> order,
      ToLongFunction<T> toLong,
      LongFunction<T> fromLong) {
    super(name, order, toLong, fromLong);
    this.signed = signed;
  }

  static LongCodec<Long> signed(String name) {
    return new LongCodec<>(name, true, Long::compare, Long::longValue, Long::valueOf);
  }

  static LongCodec<Long> unsigned(String name) {
    return new LongCodec<>(name, false, Long::compareUnsigned, Long::longValue, Long::valueOf);
  }

  static LongCodec<Double> f64() {
    return new LongCodec<>(
        "f64", false, null, Double::doubleToRawLongBits, Double::longBitsToDouble);
  }

  @Override
  int expectedBytes() {
    return 1 + Long.BYTES;
  }

  @Override
  OneNumber one() {
    return OneLong.INSTANCE;
  }

  @Override
  Writer<T> newWriter() {
    return new LongWriter<>(this);
  }

  @Override
  Reader<T> newReader() {
    return new LongReader<>(this);
  }

  /** The sign makes no difference to a single number. */
  private enum OneLong implements OneNumber {
    INSTANCE;

    @Override
    public void write(Output out, long value) {
      LongPacking.writeOne(out, value);
    }

    @Override
    public long read(Input in) {
      return LongPacking.readOne(in);
    }
  }

  private static final class LongWriter<T> extends Writer<T> {
    private final GrowingLongs column = new GrowingLongs();
    private final boolean signed;

    LongWriter(LongCodec<T> codec) {
      super(codec);
      this.signed = codec.signed;
    }

    @Override
    void addLong(long value) {
      column.add(value);
    }

    @Override
    void expect(int more) {
      column.expect(more);
    }

    @Override
    void flush(Output out) {
      LongPacking.write(out, column.array(), column.size(), signed);
    }
  }

  private static final class LongReader<T> extends Reader<T> {
    private long[] column = GrowingLongs.EMPTY;
    private int next;

    LongReader(LongCodec<T> codec) {
      super(codec);
    }

    @Override
    void load(Input in, int count) {
      column = LongPacking.read(in, count);
    }

    @Override
    long nextLong() {
      return column[next++];
    }
  }
}
