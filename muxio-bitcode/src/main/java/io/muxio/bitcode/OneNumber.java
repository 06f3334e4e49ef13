package io.muxio.bitcode;

/**
 * A type of at most 64 bits where a message has one value of it, which needs no column. Method
 * handles of records hold these as constants: what has fields is a record, because those are the
 * classes whose fields the just-in-time compiler takes for constants too.
 */
interface OneNumber {
  /**
   * Writes the column.
   *
   * @param value the value; of a float, the bits
   * @throws BitcodeException if the type cannot represent it
   */
  void write(Output out, long value);

  /**
   * Reads the column.
   *
   * @throws BitcodeException if the input is not such a column
   */
  long read(Input in);
}
