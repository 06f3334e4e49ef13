package io.muxio.bitcode;

import java.util.Comparator;
import java.util.function.Function;

/** The bytes of one type for the values of another. */
final class MappedCodec<T, R> extends BitcodeCodec<R> {
  private final String name;
  private final BitcodeCodec<T> wire;
  private final Function<? super T, ? extends R> decoded;
  private final Function<? super R, ? extends T> encoded;

  MappedCodec(
      String name,
      BitcodeCodec<T> wire,
      Function<? super T, ? extends R> decoded,
      Function<? super R, ? extends T> encoded) {
    this.name = name;
    this.wire = wire;
    this.decoded = decoded;
    this.encoded = encoded;
  }

  @Override
  ColumnWriter<R> newWriter() {
    return new Writer<>(wire.newWriter(), encoded);
  }

  @Override
  ColumnReader<R> newReader() {
    return new Reader<>(wire.newReader(), decoded);
  }

  @Override
  boolean flat() {
    return wire.flat();
  }

  @Override
  boolean zeroSized() {
    return wire.zeroSized();
  }

  @Override
  Comparator<R> order() {
    return Comparator.comparing(encoded, wire.order());
  }

  @Override
  boolean fieldless() {
    return wire.fieldless();
  }

  @Override
  public String toString() {
    return name;
  }

  private static final class Writer<T, R> extends ColumnWriter<R> {
    private final ColumnWriter<T> wire;
    private final Function<? super R, ? extends T> encoded;

    Writer(ColumnWriter<T> wire, Function<? super R, ? extends T> encoded) {
      this.wire = wire;
      this.encoded = encoded;
    }

    @Override
    void add(R value) {
      wire.addNonNull(encoded.apply(value));
    }

    @Override
    void expect(int more) {
      wire.expect(more);
    }

    @Override
    void flush(Output out) {
      wire.flush(out);
    }
  }

  private static final class Reader<T, R> extends ColumnReader<R> {
    private final ColumnReader<T> wire;
    private final Function<? super T, ? extends R> decoded;

    Reader(ColumnReader<T> wire, Function<? super T, ? extends R> decoded) {
      this.wire = wire;
      this.decoded = decoded;
    }

    @Override
    void load(Input in, int count) {
      wire.load(in, count);
    }

    @Override
    R next() {
      T value = wire.next();
      R mapped;
      try {
        mapped = decoded.apply(value);
      } catch (BitcodeException e) {
        throw e;
      } catch (RuntimeException e) {
        throw new BitcodeException("the mapping rejects it: " + e, e);
      }
      if (mapped == null) {
        throw new BitcodeException("mapped to null, expected a value");
      }
      return mapped;
    }
  }
}
