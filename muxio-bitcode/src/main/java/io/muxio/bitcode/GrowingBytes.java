package io.muxio.bitcode;

import java.util.Arrays;

/** The values of a column under construction. */
final class GrowingBytes {
  static final byte[] EMPTY = {};

  /** An array that was taken over from a caller is full, so that it is never written to. */
  private byte[] values = EMPTY;

  private int size;

  void add(byte value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Growth.capacity(size, size + 1L));
    }
    values[size++] = value;
  }

  /**
   * Adds a whole array; the first one is not copied and must not change until the column is
   * written.
   */
  void addAll(byte[] added) {
    if (size == 0) {
      values = added;
    } else {
      expect(added.length);
      System.arraycopy(added, 0, values, size, added.length);
    }
    size += added.length;
  }

  /**
   * Adds values that the caller will put into {@link #array()}.
   *
   * @return where the first one goes
   */
  int claim(int more) {
    expect(more);
    int first = size;
    size += more;
    return first;
  }

  /** The values, followed by unused room. */
  byte[] array() {
    return values;
  }

  int size() {
    return size;
  }

  /** Makes room for values that are about to come. */
  void expect(int more) {
    if (more > values.length - size) {
      values = Arrays.copyOf(values, Growth.capacity(size, (long) size + more));
    }
  }
}
