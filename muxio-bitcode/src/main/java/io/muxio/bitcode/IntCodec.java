package io.muxio.bitcode;

import java.util.Comparator;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/** {@code u16}, {@code i16}, {@code u32}, {@code i32} and {@code char}. */
final class IntCodec<T> extends ScalarCodec<T> {
  private final IntType type;

  private IntCodec(
      IntType type, Comparator<T> order, ToLongFunction<T> toLong, LongFunction<T> fromLong) {
    super(type.rustName(), order, toLong, fromLong);
    this.type = type;
  }

  static IntCodec<Short> i16() {
    return new IntCodec<>(IntType.I16, Short::compare, Short::longValue, number -> (short) number);
  }

  static IntCodec<Long> u32() {
    return new IntCodec<>(IntType.U32, Long::compare, Long::longValue, Long::valueOf);
  }

  /** {@code char} in a Java {@code char}. */
  static IntCodec<Character> javaChar() {
    return new IntCodec<>(
        IntType.JAVA_CHAR, Character::compare, value -> value, number -> (char) number);
  }

  /** A type whose values are {@code int}s. */
  static IntCodec<Integer> of(IntType type) {
    return new IntCodec<>(type, Integer::compare, Integer::longValue, number -> (int) number);
  }

  @Override
  int expectedBytes() {
    return type.width() == 16 ? Short.BYTES : 1 + Integer.BYTES;
  }

  @Override
  OneNumber one() {
    return type;
  }

  @Override
  Writer<T> newWriter() {
    return new IntWriter<>(this);
  }

  @Override
  Reader<T> newReader() {
    return new IntReader<>(this);
  }

  private static final class IntWriter<T> extends Writer<T> {
    private final GrowingInts column = new GrowingInts();
    private final IntType type;

    IntWriter(IntCodec<T> codec) {
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
      IntPacking.write(out, column.array(), column.size(), type);
    }
  }

  private static final class IntReader<T> extends Reader<T> {
    private final IntType type;
    private int[] column = GrowingInts.EMPTY;
    private int next;

    IntReader(IntCodec<T> codec) {
      super(codec);
      this.type = codec.type;
    }

    @Override
    void load(Input in, int count) {
      column = type.checkAll(IntPacking.read(in, count, type));
    }

    @Override
    long nextLong() {
      return type.widen(column[next++]);
    }
  }
}
