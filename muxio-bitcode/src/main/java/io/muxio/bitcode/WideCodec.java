package io.muxio.bitcode;

import java.math.BigInteger;

/** {@code u128} and {@code i128}. */
final class WideCodec extends LeafCodec<BigInteger> {
  private final boolean signed;
  private final BigInteger min;
  private final BigInteger max;

  WideCodec(boolean signed) {
    super(signed ? "i128" : "u128", BigInteger::compareTo);
    this.signed = signed;
    this.min = signed ? BigInteger.ONE.shiftLeft(127).negate() : BigInteger.ZERO;
    this.max = BigInteger.ONE.shiftLeft(signed ? 127 : 128).subtract(BigInteger.ONE);
  }

  @Override
  ColumnWriter<BigInteger> newWriter() {
    return new Writer(this);
  }

  @Override
  ColumnReader<BigInteger> newReader() {
    return new Reader(signed);
  }

  private void check(BigInteger value) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new BitcodeException("%s is %s, expected %s to %s".formatted(this, value, min, max));
    }
  }

  private static final class Writer extends ColumnWriter<BigInteger> {
    private final WideCodec codec;
    private final GrowingLongs high = new GrowingLongs();
    private final GrowingLongs low = new GrowingLongs();

    Writer(WideCodec codec) {
      this.codec = codec;
    }

    @Override
    void add(BigInteger value) {
      codec.check(value);
      high.add(value.shiftRight(Long.SIZE).longValue());
      low.add(value.longValue());
    }

    @Override
    void expect(int more) {
      high.expect(more);
      low.expect(more);
    }

    @Override
    void flush(Output out) {
      WidePacking.write(out, high.array(), low.array(), low.size(), codec.signed);
    }
  }

  private static final class Reader extends ColumnReader<BigInteger> {
    private final boolean signed;
    private WidePacking.Column column = WidePacking.Column.EMPTY;
    private int next;

    Reader(boolean signed) {
      this.signed = signed;
    }

    @Override
    void load(Input in, int count) {
      column = WidePacking.read(in, count);
    }

    @Override
    BigInteger next() {
      long high = column.high()[next];
      long low = column.low()[next++];
      if (high == 0 && low >= 0) {
        return BigInteger.valueOf(low);
      }
      byte[] bytes = new byte[2 * Long.BYTES];
      for (int i = 0; i < Long.BYTES; i++) {
        int shift = Long.SIZE - Byte.SIZE - i * Byte.SIZE;
        bytes[i] = (byte) (high >> shift);
        bytes[Long.BYTES + i] = (byte) (low >> shift);
      }
      return signed ? new BigInteger(bytes) : new BigInteger(1, bytes);
    }
  }
}
