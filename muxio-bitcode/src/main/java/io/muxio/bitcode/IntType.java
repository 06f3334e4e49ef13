package io.muxio.bitcode;

/** The types whose columns are kept in an {@code int} per value. */
enum IntType {
  U16("u16", 16, false, 0, 0xffff),
  I16("i16", 16, true, Short.MIN_VALUE, Short.MAX_VALUE),
  U32("u32", 32, false, 0, 0xffff_ffffL),
  I32("i32", 32, true, Integer.MIN_VALUE, Integer.MAX_VALUE),
  /** A Unicode scalar value, in a column of {@code u32}. */
  CHAR("char", 32, false, 0, Character.MAX_CODE_POINT),
  /** The same in a Java {@code char}, which has no room for all of them. */
  JAVA_CHAR("char", 32, false, 0, Character.MAX_VALUE);

  final String rustName;
  final int width;
  final boolean signed;
  private final long min;
  private final long max;

  IntType(String rustName, int width, boolean signed, long min, long max) {
    this.rustName = rustName;
    this.width = width;
    this.signed = signed;
    this.min = min;
    this.max = max;
  }

  /**
   * Checks a value.
   *
   * @return the value as its column keeps it
   */
  int check(long value) {
    if (value < min || value > max || isSurrogate((int) value)) {
      String rest =
          this == JAVA_CHAR
              ? " without surrogates, or a Java type with room for it: int with @CodePoint"
              : this == CHAR ? " without surrogates" : "";
      throw new BitcodeException(
          "%s is %d, expected %d to %d%s".formatted(rustName, value, min, max, rest));
    }
    return (int) value;
  }

  /** Checks a column that was read: of these types, only {@code char} has bits without meaning. */
  int[] checkAll(int[] column) {
    if (isText()) {
      for (int value : column) {
        check(widen(value));
      }
    }
    return column;
  }

  /**
   * Checks a value that was read, see {@link #checkAll}.
   *
   * @return the number that its column keeps
   */
  long checkRead(int kept) {
    long value = widen(kept);
    if (isText()) {
      check(value);
    }
    return value;
  }

  /** Takes as many of the low bits as the type has. */
  int narrow(int bits) {
    return width == 32 ? bits : signed ? (short) bits : bits & 0xffff;
  }

  /** The number that a column keeps as an {@code int}. */
  long widen(int kept) {
    return signed ? kept : kept & 0xffff_ffffL;
  }

  private boolean isText() {
    return this == CHAR || this == JAVA_CHAR;
  }

  private boolean isSurrogate(int value) {
    return isText() && value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
  }
}
