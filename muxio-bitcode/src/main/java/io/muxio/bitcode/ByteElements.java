package io.muxio.bitcode;

import java.util.Arrays;

/** {@code byte[]}, as {@code u8} or {@code i8}. */
final class ByteElements extends ArrayElements<byte[]> {
  private final boolean signed;

  ByteElements(boolean signed) {
    super(
        signed ? "i8" : "u8", ElementCost.FREE, signed ? Arrays::compare : Arrays::compareUnsigned);
    this.signed = signed;
  }

  @Override
  Elements.Writer<byte[]> newWriter() {
    return new Writer(signed);
  }

  @Override
  Elements.Reader<byte[]> newReader() {
    return new Reader();
  }

  private static final class Writer extends Elements.Writer<byte[]> {
    private final boolean signed;
    private final GrowingBytes column = new GrowingBytes();

    Writer(boolean signed) {
      this.signed = signed;
    }

    @Override
    int addAll(byte[] array) {
      column.addAll(array);
      return array.length;
    }

    @Override
    void flush(Output out) {
      BytePacking.write(out, column.array(), column.size(), signed);
    }
  }

  private static final class Reader extends Elements.Reader<byte[]> {
    private byte[] column = GrowingBytes.EMPTY;
    private int next;

    @Override
    void load(Input in, int count) {
      column = BytePacking.read(in, count);
    }

    @Override
    byte[] take(int count) {
      int from = next;
      next += count;
      return count == column.length ? column : Arrays.copyOfRange(column, from, next);
    }
  }
}
