package io.muxio.bitcode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Structs and tuples: the columns of the fields, one field after the other. */
final class StructCodec<R> extends BitcodeCodec<R> {
  private final List<Field<R, ?>> fields;
  private final Function<ColumnReader<?>[], ? extends R> assembly;

  /**
   * Describes a struct.
   *
   * @param assembly takes the next value of each column, in the order of the fields, and makes a
   *     struct of them
   */
  StructCodec(List<Field<R, ?>> fields, Function<ColumnReader<?>[], ? extends R> assembly) {
    this.fields = fields;
    this.assembly = assembly;
  }

  /** Collects the values in an array for the constructor. */
  static <R> StructCodec<R> ofArray(
      Function<? super Object[], ? extends R> constructor, List<Field<R, ?>> fields) {
    return new StructCodec<>(
        fields,
        columns -> {
          Object[] values = new Object[columns.length];
          for (int i = 0; i < values.length; i++) {
            values[i] = fields.get(i).next(columns, i);
          }
          return constructor.apply(values);
        });
  }

  @Override
  ColumnWriter<R> newWriter() {
    return new Writer<>(fields);
  }

  @Override
  ColumnReader<R> newReader() {
    return new Reader<>(fields, assembly);
  }

  @Override
  void writeOne(R struct, Output out) {
    nonNull(struct);
    for (int i = 0; i < fields.size(); i++) {
      fields.get(i).writeOne(struct, out, i);
    }
  }

  @Override
  boolean zeroSized() {
    return fields.stream().allMatch(field -> field.codec().zeroSized());
  }

  @Override
  Comparator<R> order() {
    List<Comparator<R>> orders = new ArrayList<>();
    for (Field<R, ?> field : fields) {
      orders.add(fieldOrder(field));
    }
    return (a, b) -> {
      int result = 0;
      for (int i = 0; i < orders.size() && result == 0; i++) {
        result = orders.get(i).compare(a, b);
      }
      return result;
    };
  }

  /** What becomes of an exception in the course of making a struct of what was decoded. */
  static BitcodeException rejection(RuntimeException thrown) {
    return thrown instanceof BitcodeException e
        ? e
        : new BitcodeException("the constructor rejects it: " + thrown, thrown);
  }

  private static <R, V> Comparator<R> fieldOrder(Field<R, V> field) {
    return Comparator.comparing(field::get, field.codec().order());
  }

  @Override
  boolean fieldless() {
    return fields.isEmpty();
  }

  @Override
  public String toString() {
    if (!fields.isEmpty() && fields.get(0).name().isEmpty()) {
      String end = fields.size() == 1 ? ",)" : ")";
      return fields.stream()
          .map(field -> field.codec().toString())
          .collect(Collectors.joining(",", "(", end));
    }
    return fields.stream()
        .map(field -> field.name() + ":" + field.codec())
        .collect(Collectors.joining(",", "struct{", "}"));
  }

  private static final class Writer<R> extends ColumnWriter<R> {
    private final List<Field<R, ?>> fields;
    private final ColumnWriter<R>[] columns;

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types.
    Writer(List<Field<R, ?>> fields) {
      this.fields = fields;
      this.columns = new ColumnWriter[fields.size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = fields.get(i).newWriter();
      }
    }

    @Override
    void add(R struct) {
      int i = 0;
      try {
        for (; i < columns.length; i++) {
          columns[i].add(struct);
        }
      } catch (BitcodeException e) {
        throw e.within(fields.get(i).step(i));
      }
    }

    @Override
    void expect(int more) {
      for (ColumnWriter<R> column : columns) {
        column.expect(more);
      }
    }

    @Override
    void flush(Output out) {
      for (ColumnWriter<R> column : columns) {
        column.flush(out);
      }
    }
  }

  private static final class Reader<R> extends ColumnReader<R> {
    private final List<Field<R, ?>> fields;
    private final ColumnReader<?>[] columns;
    private final Function<ColumnReader<?>[], ? extends R> assembly;

    Reader(List<Field<R, ?>> fields, Function<ColumnReader<?>[], ? extends R> assembly) {
      this.fields = fields;
      this.assembly = assembly;
      this.columns = new ColumnReader<?>[fields.size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = fields.get(i).codec().newReader();
      }
    }

    @Override
    void load(Input in, int count) {
      int i = 0;
      try {
        for (; i < columns.length; i++) {
          columns[i].load(in, count);
        }
      } catch (BitcodeException e) {
        throw e.within(fields.get(i).step(i));
      }
    }

    @Override
    R next() {
      R struct;
      try {
        struct = assembly.apply(columns);
      } catch (RuntimeException e) {
        throw rejection(e);
      }
      if (struct == null) {
        throw new BitcodeException("the constructor made null, expected a value");
      }
      return struct;
    }
  }
}
