package io.muxio.bitcode;

/**
 * Reads the columns of one place of a type, then gives the values in order. Made for one message,
 * used by one thread.
 */
abstract class ColumnReader<T> {
  /**
   * Reads the columns; called at most once. Builds no values yet.
   *
   * @param count the number of values, never more than the input can hold
   * @throws BitcodeException if the input is not such a column
   */
  abstract void load(Input in, int count);

  /** The next of the values that were loaded. */
  abstract T next();
}
