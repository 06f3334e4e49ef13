package io.muxio.bitcode;

/**
 * A type whose columns are kept in an {@code int} per value. A record, so that the just-in-time
 * compiler takes its fields for constants where it knows the type.
 *
 * @param rustName its name in Rust
 * @param width its bits
 * @param signed whether it has negative numbers
 * @param min its smallest number
 * @param max its largest number
 * @param text whether its numbers are Unicode scalar values
 */
record IntType(String rustName, int width, boolean signed, long min, long max, boolean text)
    implements OneNumber {
  static final IntType U16 = new IntType("u16", 16, false, 0, 0xffff, false);
  static final IntType I16 = new IntType("i16", 16, true, Short.MIN_VALUE, Short.MAX_VALUE, false);
  static final IntType U32 = new IntType("u32", 32, false, 0, 0xffff_ffffL, false);
  static final IntType I32 =
      new IntType("i32", 32, true, Integer.MIN_VALUE, Integer.MAX_VALUE, false);

  /** A Unicode scalar value, in a column of {@code u32}. */
  static final IntType CHAR = new IntType("char", 32, false, 0, Character.MAX_CODE_POINT, true);

  /** The same in a Java {@code char}, which has no room for all of them. */
  static final IntType JAVA_CHAR = new IntType("char", 32, false, 0, Character.MAX_VALUE, true);

  @Override
  public void write(Output out, long value) {
    IntPacking.writeOne(out, check(value), width);
  }

  @Override
  public long read(Input in) {
    long value = widen(IntPacking.readOne(in, this));
    return text ? check(value) : value;
  }

  /**
   * Checks a value.
   *
   * @return the value as its column keeps it
   */
  int check(long value) {
    if (value < min || value > max || isSurrogate((int) value)) {
      String rest =
          !text
              ? ""
              : max == Character.MAX_VALUE
                  ? " without surrogates, or a Java type with room for it: int with @CodePoint"
                  : " without surrogates";
      throw new BitcodeException(
          "%s is %d, expected %d to %d%s".formatted(rustName, value, min, max, rest));
    }
    return (int) value;
  }

  /** Checks a column that was read: of these types, only {@code char} has bits without meaning. */
  int[] checkAll(int[] column) {
    if (text) {
      for (int value : column) {
        check(widen(value));
      }
    }
    return column;
  }

  /** Takes as many of the low bits as the type has. */
  int narrow(int bits) {
    return width == 32 ? bits : signed ? (short) bits : bits & 0xffff;
  }

  /** The number that a column keeps as an {@code int}. */
  long widen(int kept) {
    return signed ? kept : kept & 0xffff_ffffL;
  }

  private boolean isSurrogate(int value) {
    return text && value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
  }
}
