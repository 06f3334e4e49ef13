package io.muxio.bitcode;

import java.util.Comparator;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A type of at most 64 bits. Its columns take and give numbers unboxed; only this class boxes them.
 */
abstract class ScalarCodec<T> extends LeafCodec<T> {
  private final ToLongFunction<T> toLong;
  private final LongFunction<T> fromLong;

  /**
   * Describes a type.
   *
   * @param toLong a value as a number; of a float, the bits
   * @param fromLong the reverse
   */
  ScalarCodec(
      String name,
      @Nullable Comparator<T> order,
      ToLongFunction<T> toLong,
      LongFunction<T> fromLong) {
    super(name, order);
    this.toLong = toLong;
    this.fromLong = fromLong;
  }

  @Override
  final void writeOne(T value, Output out) {
    one().write(out, toLong.applyAsLong(nonNull(value)));
  }

  @Override
  final T readOne(Input in) {
    return fromLong.apply(one().read(in));
  }

  /** What {@link #writeOne} and {@link #readOne} do, without boxing. */
  abstract OneNumber one();

  @Override
  abstract Writer<T> newWriter();

  @Override
  abstract Reader<T> newReader();

  /** Collects numbers. */
  abstract static class Writer<T> extends ColumnWriter<T> {
    private final ToLongFunction<T> toLong;

    Writer(ScalarCodec<T> codec) {
      this.toLong = codec.toLong;
    }

    @Override
    final void add(T value) {
      addLong(toLong.applyAsLong(value));
    }

    /** As {@link #add}, without boxing. */
    abstract void addLong(long value);
  }

  /** Gives the numbers that were read. */
  abstract static class Reader<T> extends ColumnReader<T> {
    private final LongFunction<T> fromLong;

    Reader(ScalarCodec<T> codec) {
      this.fromLong = codec.fromLong;
    }

    @Override
    final T next() {
      return fromLong.apply(nextLong());
    }

    /** As {@link #next}, without boxing. */
    abstract long nextLong();
  }
}
