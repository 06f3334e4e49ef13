package io.muxio.test;

import java.util.Arrays;

/**
 * Reads a fuzzer's bytes as decisions, in order. Behind their end every decision is 0, so that an
 * input may stop anywhere and decision 0 has to be the plain one.
 */
public final class FuzzInput {
  private static final int BYTE_VALUES = 256;

  private final byte[] bytes;
  private int at;

  /**
   * Begins at the first byte.
   *
   * @param bytes of the fuzzer; not changed
   */
  public FuzzInput(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Whether all bytes were read.
   *
   * @return true where only zeros follow
   */
  public boolean isEmpty() {
    return at >= bytes.length;
  }

  /**
   * The next byte.
   *
   * @return 0 to 255
   */
  public int next() {
    return isEmpty() ? 0 : Byte.toUnsignedInt(bytes[at++]);
  }

  /**
   * One of some possibilities.
   *
   * @param bound how many there are; from 257 on two bytes are read
   * @return 0 to the bound, which is excluded
   */
  public int next(int bound) {
    return (bound <= BYTE_VALUES ? next() : next() | next() << 8) % bound;
  }

  /**
   * Four bytes as a number, the lowest first.
   *
   * @return any number
   */
  public int nextInt() {
    return next() | next() << 8 | next() << 16 | next() << 24;
  }

  /**
   * The next bytes as they are.
   *
   * @param most how many
   * @return as many, or what is left
   */
  public byte[] nextBytes(int most) {
    int end = Math.min(bytes.length, at + most);
    byte[] next = Arrays.copyOfRange(bytes, Math.min(at, end), end);
    at = end;
    return next;
  }
}
