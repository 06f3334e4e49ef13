package io.muxio.bitcode;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Records: a struct whose components go to and come from their columns without boxing. */
final class RecordCodec<R> extends BitcodeCodec<R> {
  private final List<Field<R, ?>> fields;
  private final StructCodec<R> struct;

  private final RecordCalls calls;
  private final boolean flat;

  private RecordCodec(List<Field<R, ?>> fields, RecordCalls calls) {
    this.fields = fields;
    this.flat = fields.stream().allMatch(field -> field.codec().flat());
    this.struct = new StructCodec<>(fields, assembly(calls));
    this.calls = calls;
  }

  /**
   * Describes a record.
   *
   * @param names of the components
   * @param codecs of the components, of their types
   */
  static <R> RecordCodec<R> of(
      RecordAccess access, List<String> names, List<BitcodeCodec<?>> codecs) {
    List<Field<R, ?>> fields = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      fields.add(field(names.get(i), access.getters().get(i), codecs.get(i)));
    }
    return new RecordCodec<>(List.copyOf(fields), RecordCalls.of(access, fields));
  }

  @Override
  void writeOne(R record, Output out) {
    try {
      calls.writeOne(out, nonNull(record));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  @Override
  @SuppressWarnings("unchecked") // It ends in the constructor of R.
  R readOne(Input in) {
    try {
      return (R) calls.readOne(in);
    } catch (RuntimeException e) {
      throw StructCodec.rejection(e);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  @Override
  ColumnWriter<R> newWriter() {
    return new Writer<>(this);
  }

  @Override
  ColumnReader<R> newReader() {
    return struct.newReader();
  }

  @Override
  int expectedBytes() {
    return calls.expectedBytes();
  }

  @Override
  boolean flat() {
    return flat;
  }

  @Override
  boolean zeroSized() {
    return struct.zeroSized();
  }

  @Override
  Comparator<R> order() {
    return struct.order();
  }

  @Override
  boolean fieldless() {
    return struct.fieldless();
  }

  @Override
  public String toString() {
    return struct.toString();
  }

  /** A field whose getter boxes, for comparisons. */
  private static <R, V> Field<R, V> field(String name, MethodHandle getter, BitcodeCodec<V> codec) {
    return new Field<>(name, boxing(getter.asType(getter.type().generic())), codec);
  }

  @SuppressWarnings("unchecked") // The codec was made for the type of the component.
  private static <R, V> Function<R, V> boxing(MethodHandle getter) {
    return record -> {
      try {
        return (V) getter.invokeExact((Object) record);
      } catch (Throwable e) {
        throw unchecked(e);
      }
    };
  }

  @SuppressWarnings("unchecked") // It ends in the constructor of R.
  private static <R> Function<ColumnReader<?>[], R> assembly(RecordCalls calls) {
    return columns -> {
      try {
        return (R) calls.assemble(columns);
      } catch (Throwable e) {
        throw unchecked(e);
      }
    };
  }

  /**
   * What constructors and accessors of records throw, which the compiler lets be unchecked only.
   */
  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
  }

  private static final class Writer<R> extends ColumnWriter<R> {
    private final ColumnWriter<?>[] columns;
    private final RecordCalls calls;

    Writer(RecordCodec<R> codec) {
      this.calls = codec.calls;
      this.columns = new ColumnWriter<?>[codec.fields.size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = codec.fields.get(i).codec().newWriter();
      }
    }

    @Override
    void add(R record) {
      try {
        calls.collect(columns, record);
      } catch (Throwable e) {
        throw unchecked(e);
      }
    }

    @Override
    void expect(int more) {
      for (ColumnWriter<?> column : columns) {
        column.expect(more);
      }
    }

    @Override
    void flush(Output out) {
      for (ColumnWriter<?> column : columns) {
        column.flush(out);
      }
    }
  }
}
