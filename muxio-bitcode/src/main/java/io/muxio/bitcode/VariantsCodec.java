package io.muxio.bitcode;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Enums with data: the column of the variants, then the columns of each variant, which hold the
 * values of that variant only.
 */
final class VariantsCodec<T> extends BitcodeCodec<T> {
  private final String name;
  private final List<Variant<T>> variants;
  private final ToIntFunction<? super T> indexOf;
  private final boolean hasFields;

  /**
   * Describes an enum.
   *
   * @param variants each with a codec that sees only the values which have its index
   */
  VariantsCodec(String name, List<Variant<T>> variants, ToIntFunction<? super T> indexOf) {
    this.name = name;
    this.variants = variants;
    this.indexOf = indexOf;
    this.hasFields = variants.stream().anyMatch(Variant::hasFields);
  }

  static <T> VariantsCodec<T> of(
      List<Variant<? extends T>> variants, ToIntFunction<? super T> indexOf) {
    VariantPacking.checkCount(variants.size());
    @SuppressWarnings("unchecked") // indexOf decides which variant's codec sees a value.
    List<Variant<T>> erased = (List<Variant<T>>) (List<?>) List.copyOf(variants);
    String name =
        erased.stream().map(Variant::toString).collect(Collectors.joining(",", "enum{", "}"));
    return new VariantsCodec<>(name, erased, indexOf);
  }

  @Override
  ColumnWriter<T> newWriter() {
    return new Writer<>(this);
  }

  @Override
  ColumnReader<T> newReader() {
    return new Reader<>(this);
  }

  @Override
  boolean zeroSized() {
    return variants.size() == 1 && variants.get(0).codec().zeroSized();
  }

  @Override
  Comparator<T> order() {
    List<Comparator<T>> orders = variants.stream().map(v -> v.codec().order()).toList();
    return (a, b) -> {
      int index = indexOf.applyAsInt(a);
      int result = Integer.compare(index, indexOf.applyAsInt(b));
      return result != 0 ? result : orders.get(index).compare(a, b);
    };
  }

  @Override
  public String toString() {
    return name;
  }

  private BitcodeException unknown(T value) {
    String names = variants.stream().map(Variant::name).collect(Collectors.joining(", "));
    return new BitcodeException(
        "a value of %s is none of the variants %s".formatted(value.getClass().getName(), names));
  }

  private static final class Writer<T> extends ColumnWriter<T> {
    private final VariantsCodec<T> codec;
    private final GrowingBytes column = new GrowingBytes();

    /** Null where there was no value yet. */
    private final @Nullable ColumnWriter<T>[] contents;

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types.
    Writer(VariantsCodec<T> codec) {
      this.codec = codec;
      this.contents = new ColumnWriter[codec.variants.size()];
    }

    @Override
    void add(T value) {
      int index = codec.indexOf.applyAsInt(value);
      if (index < 0 || index >= contents.length) {
        throw codec.unknown(value);
      }
      column.add((byte) index);
      ColumnWriter<T> content = contents[index];
      if (content == null) {
        content = codec.variants.get(index).codec().newWriter();
        contents[index] = content;
      }
      try {
        content.add(value);
      } catch (BitcodeException e) {
        throw e.within(codec.variants.get(index).name());
      }
    }

    @Override
    void expect(int more) {
      column.expect(more);
    }

    @Override
    void flush(Output out) {
      VariantPacking.write(out, column.array(), column.size(), contents.length);
      for (ColumnWriter<T> content : contents) {
        if (content != null) {
          content.flush(out);
        }
      }
    }
  }

  private static final class Reader<T> extends ColumnReader<T> {
    private final VariantsCodec<T> codec;

    /** Null where there is no value. */
    private final @Nullable ColumnReader<T>[] contents;

    private byte[] column = GrowingBytes.EMPTY;
    private int next;

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types.
    Reader(VariantsCodec<T> codec) {
      this.codec = codec;
      this.contents = new ColumnReader[codec.variants.size()];
    }

    @Override
    void load(Input in, int count) {
      column = VariantPacking.read(in, count, contents.length, codec.hasFields);
      int[] counts = new int[contents.length];
      for (byte index : column) {
        counts[index & 0xff]++;
      }
      if (contents.length == 1) {
        counts[0] = count;
      }
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] > 0) {
          load(in, i, counts[i]);
        }
      }
    }

    private void load(Input in, int index, int count) {
      Variant<T> variant = codec.variants.get(index);
      ColumnReader<T> content = variant.codec().newReader();
      contents[index] = content;
      try {
        content.load(in, count);
      } catch (BitcodeException e) {
        throw e.within(variant.name());
      }
    }

    @Override
    T next() {
      int index = contents.length == 1 ? 0 : column[next++] & 0xff;
      ColumnReader<T> content = Objects.requireNonNull(contents[index], "loaded");
      try {
        return content.next();
      } catch (BitcodeException e) {
        throw e.within(codec.variants.get(index).name());
      }
    }
  }
}
