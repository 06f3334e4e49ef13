package io.muxio.bitcode;

import java.util.Comparator;
import java.util.Optional;

/** {@code Option<T>}: a bit for each, then the columns of those that are there. */
final class OptionCodec<T> extends BitcodeCodec<Optional<T>> {
  private final BitcodeCodec<T> content;

  OptionCodec(BitcodeCodec<T> content) {
    this.content = content;
  }

  @Override
  ColumnWriter<Optional<T>> newWriter() {
    return new Writer<>(content.newWriter());
  }

  @Override
  ColumnReader<Optional<T>> newReader() {
    return new Reader<>(content.newReader());
  }

  @Override
  boolean flat() {
    return content.flat();
  }

  @Override
  boolean zeroSized() {
    return false;
  }

  @Override
  Comparator<Optional<T>> order() {
    Comparator<T> order = content.order();
    return (a, b) ->
        a.isPresent() && b.isPresent()
            ? order.compare(a.get(), b.get())
            : Boolean.compare(a.isPresent(), b.isPresent());
  }

  @Override
  public String toString() {
    return "Option<" + content + ">";
  }

  private static final class Writer<T> extends ColumnWriter<Optional<T>> {
    private final GrowingBytes present = new GrowingBytes();
    private final ColumnWriter<T> content;

    Writer(ColumnWriter<T> content) {
      this.content = content;
    }

    @Override
    void add(Optional<T> value) {
      present.add((byte) (value.isPresent() ? 1 : 0));
      if (value.isPresent()) {
        content.add(value.get());
      }
    }

    @Override
    void expect(int more) {
      present.expect(more);
    }

    @Override
    void flush(Output out) {
      Radix.R2.pack(out, present.array(), present.size());
      content.flush(out);
    }
  }

  private static final class Reader<T> extends ColumnReader<Optional<T>> {
    private final ColumnReader<T> content;
    private byte[] present = GrowingBytes.EMPTY;
    private int next;

    Reader(ColumnReader<T> content) {
      this.content = content;
    }

    @Override
    void load(Input in, int count) {
      present = Radix.R2.unpack(in, count);
      int contents = 0;
      for (byte bit : present) {
        contents += bit;
      }
      content.load(in, contents);
    }

    @Override
    Optional<T> next() {
      return present[next++] != 0 ? Optional.of(content.next()) : Optional.empty();
    }
  }
}
