package io.muxio.bitcode;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;

/** A Java enum whose constants are the variants, numbered by {@link VariantOrder}. */
final class EnumCodec<E extends Enum<E>> extends BitcodeCodec<E> {
  /** In the order of the variants. */
  private final E[] constants;

  /** The variant of each constant, by its ordinal. */
  private final int[] numbers;

  private EnumCodec(E[] constants, int[] numbers) {
    this.constants = constants;
    this.numbers = numbers;
  }

  static <E extends Enum<E>> EnumCodec<E> of(Class<E> type) {
    E[] declared = type.getEnumConstants();
    VariantPacking.checkCount(declared.length);
    int[] numbers = VariantOrder.of(Arrays.stream(declared).map(EnumCodec::field).toList());
    E[] constants = declared.clone();
    for (int i = 0; i < numbers.length; i++) {
      constants[numbers[i]] = declared[i];
    }
    return new EnumCodec<>(constants, numbers);
  }

  private static Field field(Enum<?> constant) {
    try {
      return constant.getDeclaringClass().getField(constant.name());
    } catch (NoSuchFieldException e) {
      throw new IllegalArgumentException(
          "%s has no field %s; a native image must be told to keep it"
              .formatted(constant.getDeclaringClass().getName(), constant.name()),
          e);
    }
  }

  @Override
  ColumnWriter<E> newWriter() {
    return new Writer<>(numbers);
  }

  @Override
  ColumnReader<E> newReader() {
    return new Reader<>(constants);
  }

  @Override
  boolean flat() {
    return true;
  }

  @Override
  boolean zeroSized() {
    return constants.length == 1;
  }

  @Override
  Comparator<E> order() {
    return Comparator.comparingInt(constant -> number(constant, numbers));
  }

  @Override
  public String toString() {
    return Arrays.stream(constants).map(Enum::name).collect(Collectors.joining(",", "enum{", "}"));
  }

  @SuppressWarnings("EnumOrdinal") // Indexes an array that is made for this very enum.
  private static int number(Enum<?> constant, int[] numbers) {
    return numbers[constant.ordinal()];
  }

  private static final class Writer<E extends Enum<E>> extends ColumnWriter<E> {
    private final int[] numbers;
    private final GrowingBytes column = new GrowingBytes();

    Writer(int[] numbers) {
      this.numbers = numbers;
    }

    @Override
    void add(E value) {
      column.add((byte) number(value, numbers));
    }

    @Override
    void expect(int more) {
      column.expect(more);
    }

    @Override
    void flush(Output out) {
      VariantPacking.write(out, column.array(), column.size(), numbers.length);
    }
  }

  private static final class Reader<E extends Enum<E>> extends ColumnReader<E> {
    private final E[] constants;
    private byte[] column = GrowingBytes.EMPTY;
    private int next;

    Reader(E[] constants) {
      this.constants = constants;
    }

    @Override
    void load(Input in, int count) {
      column = VariantPacking.read(in, count, constants.length, false);
    }

    @Override
    E next() {
      return constants[constants.length == 1 ? 0 : column[next++] & 0xff];
    }
  }
}
