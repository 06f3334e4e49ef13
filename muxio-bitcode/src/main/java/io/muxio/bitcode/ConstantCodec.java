package io.muxio.bitcode;

import java.util.Comparator;

/** A type of one value, which takes no bytes. */
final class ConstantCodec<T> extends BitcodeCodec<T> {
  private final T value;

  ConstantCodec(T value) {
    this.value = value;
  }

  @Override
  ColumnWriter<T> newWriter() {
    return new Writer<>(value);
  }

  @Override
  ColumnReader<T> newReader() {
    return new Reader<>(value);
  }

  @Override
  boolean zeroSized() {
    return true;
  }

  @Override
  Comparator<T> order() {
    return Comparator.comparingInt(any -> 0);
  }

  @Override
  public String toString() {
    return "()";
  }

  private static final class Writer<T> extends ColumnWriter<T> {
    private final T expected;

    Writer(T expected) {
      this.expected = expected;
    }

    @Override
    void add(T value) {
      if (!expected.equals(value)) {
        throw new BitcodeException("%s, expected %s".formatted(value, expected));
      }
    }

    @Override
    void expect(int more) {}

    @Override
    void flush(Output out) {}
  }

  private static final class Reader<T> extends ColumnReader<T> {
    private final T value;

    Reader(T value) {
      this.value = value;
    }

    @Override
    void load(Input in, int count) {}

    @Override
    T next() {
      return value;
    }
  }
}
