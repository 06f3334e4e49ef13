package io.muxio.bitcode;

import java.util.Comparator;

/** {@code [T; N]}: the columns of the elements alone. */
final class FixedCodec<A> extends BitcodeCodec<A> {
  private final Elements<A> elements;
  private final int length;

  FixedCodec(Elements<A> elements, int length) {
    this.elements = elements;
    this.length = length;
  }

  @Override
  ColumnWriter<A> newWriter() {
    return new Writer<>(elements.newWriter(), length);
  }

  @Override
  ColumnReader<A> newReader() {
    return new Reader<>(this);
  }

  @Override
  boolean zeroSized() {
    return length == 0 || elements.cost() == ElementCost.ZERO_SIZED;
  }

  @Override
  Comparator<A> order() {
    return elements.order();
  }

  @Override
  public String toString() {
    return "[" + elements.elementName() + ";" + length + "]";
  }

  private static final class Writer<A> extends ColumnWriter<A> {
    private final Elements.Writer<A> elements;
    private final int length;

    Writer(Elements.Writer<A> elements, int length) {
      this.elements = elements;
      this.length = length;
    }

    @Override
    void add(A container) {
      int actual = elements.addAll(container);
      if (actual != length) {
        throw new BitcodeException("%d elements, expected %d".formatted(actual, length));
      }
    }

    @Override
    void expect(int more) {}

    @Override
    void flush(Output out) {
      elements.flush(out);
    }
  }

  private static final class Reader<A> extends ColumnReader<A> {
    private final FixedCodec<A> codec;
    private final Elements.Reader<A> elements;

    Reader(FixedCodec<A> codec) {
      this.codec = codec;
      this.elements = codec.elements.newReader();
    }

    @Override
    void load(Input in, int count) {
      // Two ints: their product is a long.
      elements.load(in, in.admit((long) count * codec.length, codec.elements.cost()));
    }

    @Override
    A next() {
      return elements.take(codec.length);
    }
  }
}
