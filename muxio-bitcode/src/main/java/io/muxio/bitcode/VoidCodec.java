package io.muxio.bitcode;

import java.util.Comparator;

/** {@code ()} as the result of a method that returns nothing: its only value is null. */
final class VoidCodec extends BitcodeCodec<Void> {
  @Override
  ColumnWriter<Void> newWriter() {
    return new Writer();
  }

  @Override
  ColumnReader<Void> newReader() {
    return new Reader();
  }

  @Override
  boolean zeroSized() {
    return true;
  }

  @Override
  Comparator<Void> order() {
    return Comparator.comparingInt(any -> 0);
  }

  @Override
  public String toString() {
    return "()";
  }

  private static final class Writer extends ColumnWriter<Void> {
    @Override
    void add(Void value) {}

    @Override
    void addNonNull(Void value) {}

    @Override
    void expect(int more) {}

    @Override
    void flush(Output out) {}
  }

  private static final class Reader extends ColumnReader<Void> {
    @Override
    void load(Input in, int count) {}

    @Override
    @SuppressWarnings("NullAway") // There is no other value of Void.
    Void next() {
      return null;
    }
  }
}
