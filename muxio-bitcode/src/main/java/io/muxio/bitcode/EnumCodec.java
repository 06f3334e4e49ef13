package io.muxio.bitcode;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;

/** A Java enum whose constants are the variants, in their order. */
final class EnumCodec<E extends Enum<E>> extends BitcodeCodec<E> {
  private final E[] constants;

  EnumCodec(E[] constants) {
    this.constants = constants;
  }

  @Override
  ColumnWriter<E> newWriter() {
    return new Writer<>(constants.length);
  }

  @Override
  ColumnReader<E> newReader() {
    return new Reader<>(constants);
  }

  @Override
  boolean zeroSized() {
    return constants.length == 1;
  }

  @Override
  Comparator<E> order() {
    return Comparator.naturalOrder();
  }

  @Override
  public String toString() {
    return Arrays.stream(constants).map(Enum::name).collect(Collectors.joining(",", "enum{", "}"));
  }

  private static final class Writer<E extends Enum<E>> extends ColumnWriter<E> {
    private final int variantCount;
    private final GrowingBytes column = new GrowingBytes();

    Writer(int variantCount) {
      this.variantCount = variantCount;
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // The wire numbers the variants in the order of declaration.
    void add(E value) {
      column.add((byte) value.ordinal());
    }

    @Override
    void flush(Output out) {
      VariantPacking.write(out, column.array(), column.size(), variantCount);
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
