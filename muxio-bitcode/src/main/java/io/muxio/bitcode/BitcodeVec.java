package io.muxio.bitcode;

import java.util.Comparator;

/**
 * The codec of a container of any length. On the wire: the column of the lengths, then the columns
 * of the elements of all containers.
 *
 * @param <A> the Java type of the container
 */
public final class BitcodeVec<A> extends BitcodeCodec<A> {
  private final Elements<A> elements;

  BitcodeVec(Elements<A> elements) {
    this.elements = elements;
  }

  /**
   * The codec of Rust's {@code [T; length]}, which writes no length.
   *
   * @param length the number of elements that every value has, 0 or more
   * @return the codec; it rejects values of another length
   */
  public BitcodeCodec<A> fixed(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("length is %d, expected 0 or more".formatted(length));
    }
    return new FixedCodec<>(elements, length);
  }

  @Override
  ColumnWriter<A> newWriter() {
    return new Writer<>(elements.newWriter());
  }

  @Override
  ColumnReader<A> newReader() {
    return new Reader<>(elements.newReader(), elements.cost());
  }

  @Override
  boolean zeroSized() {
    return false;
  }

  @Override
  Comparator<A> order() {
    return elements.order();
  }

  @Override
  public String toString() {
    return elements.vecName();
  }

  private static final class Writer<A> extends ColumnWriter<A> {
    private final LengthWriter lengths = new LengthWriter();
    private final Elements.Writer<A> elements;

    Writer(Elements.Writer<A> elements) {
      this.elements = elements;
    }

    @Override
    void add(A container) {
      lengths.add(elements.addAll(container));
    }

    @Override
    void expect(int more) {
      lengths.expect(more);
    }

    @Override
    void flush(Output out) {
      lengths.flush(out);
      elements.flush(out);
    }
  }

  private static final class Reader<A> extends ColumnReader<A> {
    private final LengthReader lengths = new LengthReader();
    private final Elements.Reader<A> elements;
    private final ElementCost cost;

    Reader(Elements.Reader<A> elements, ElementCost cost) {
      this.elements = elements;
      this.cost = cost;
    }

    @Override
    void load(Input in, int count) {
      long total = lengths.load(in, count);
      elements.load(in, in.admit(total, cost));
    }

    @Override
    A next() {
      return elements.take(lengths.next());
    }
  }
}
