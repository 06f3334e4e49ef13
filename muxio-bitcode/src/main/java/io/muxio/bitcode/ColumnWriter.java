package io.muxio.bitcode;

/**
 * Collects what one place of a type holds in the course of a whole message, then writes it as one
 * or more columns. Made for one message, used by one thread.
 */
abstract class ColumnWriter<T> {
  /**
   * Collects a value.
   *
   * @throws BitcodeException if the type cannot represent it
   */
  abstract void add(T value);

  /**
   * Collects what a user's collection or accessor gave, which may be null all the same; only {@link
   * VoidCodec} takes that.
   */
  void addNonNull(T value) {
    add(BitcodeCodec.nonNull(value));
  }

  /** Tells how many values are about to come, so that arrays need not grow step by step. */
  abstract void expect(int more);

  /** Writes the columns; called once, after all values were added. */
  abstract void flush(Output out);
}
