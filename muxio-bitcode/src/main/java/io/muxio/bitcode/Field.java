package io.muxio.bitcode;

import java.util.function.Function;

/**
 * A field of a struct or tuple: how to get it and how to encode it. Made by {@link Structs#field}.
 *
 * @param <R> the Java type of the struct
 * @param <V> the Java type of the field
 */
public final class Field<R, V> {
  /** Empty in a tuple. */
  private final String name;

  private final Function<? super R, ? extends V> getter;
  private final BitcodeCodec<V> codec;

  Field(String name, Function<? super R, ? extends V> getter, BitcodeCodec<V> codec) {
    this.name = name;
    this.getter = getter;
    this.codec = codec;
  }

  String name() {
    return name;
  }

  BitcodeCodec<V> codec() {
    return codec;
  }

  V get(R struct) {
    return getter.apply(struct);
  }

  /** Collects this field of every struct that it is given. */
  ColumnWriter<R> newWriter() {
    return new Writer<>(getter, codec.newWriter());
  }

  /** Writes this field, {@code index}, of the only struct of a message. */
  void writeOne(R struct, Output out, int index) {
    try {
      codec.writeOne(getter.apply(struct), out);
    } catch (BitcodeException e) {
      throw e.within(step(index));
    }
  }

  /** The next value from the columns of a struct, of which this is field {@code index}. */
  V next(ColumnReader<?>[] columns, int index) {
    @SuppressWarnings("unchecked") // StructCodec fills the array from the same fields.
    ColumnReader<V> column = (ColumnReader<V>) columns[index];
    try {
      return column.next();
    } catch (BitcodeException e) {
      throw e.within(step(index));
    }
  }

  /** How paths name this field. */
  String step(int index) {
    return name.isEmpty() ? Integer.toString(index) : name;
  }

  private static final class Writer<R, V> extends ColumnWriter<R> {
    private final Function<? super R, ? extends V> getter;
    private final ColumnWriter<V> column;

    Writer(Function<? super R, ? extends V> getter, ColumnWriter<V> column) {
      this.getter = getter;
      this.column = column;
    }

    @Override
    void add(R struct) {
      column.addNonNull(getter.apply(struct));
    }

    @Override
    void expect(int more) {
      column.expect(more);
    }

    @Override
    void flush(Output out) {
      column.flush(out);
    }
  }
}
