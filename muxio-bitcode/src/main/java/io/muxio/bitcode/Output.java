package io.muxio.bitcode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A message under construction: little endian bytes in an array that grows. */
final class Output {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] array;
  private int size;

  /**
   * Begins a message.
   *
   * @param capacity how many bytes it is expected to have; it may have more
   */
  Output(int capacity) {
    array = new byte[capacity];
  }

  void u8(int value) {
    int at = advance(1);
    array[at] = (byte) value;
  }

  void u16(int value) {
    int at = advance(Short.BYTES);
    SHORTS.set(array, at, (short) value);
  }

  void u32(int value) {
    int at = advance(Integer.BYTES);
    INTS.set(array, at, value);
  }

  void u64(long value) {
    int at = advance(Long.BYTES);
    LONGS.set(array, at, value);
  }

  /** A byte and another. */
  void u8u8(int first, int second) {
    int at = advance(Byte.BYTES + Byte.BYTES);
    SHORTS.set(array, at, (short) ((first & 0xff) | (second << Byte.SIZE)));
  }

  /** A byte, then 16 bits. */
  void u8u16(int first, int second) {
    int at = advance(Byte.BYTES + Short.BYTES);
    array[at] = (byte) first;
    SHORTS.set(array, at + 1, (short) second);
  }

  /** A byte, then 32 bits. */
  void u8u32(int first, int second) {
    int at = advance(Byte.BYTES + Integer.BYTES);
    array[at] = (byte) first;
    INTS.set(array, at + 1, second);
  }

  /** A byte, then 64 bits. */
  void u8u64(int first, long second) {
    int at = advance(Byte.BYTES + Long.BYTES);
    array[at] = (byte) first;
    LONGS.set(array, at + 1, second);
  }

  void bytes(byte[] source, int length) {
    int at = advance(length);
    System.arraycopy(source, 0, array, at, length);
  }

  /**
   * Leaves so many bytes to the caller, who writes all of them.
   *
   * @return a little endian buffer at the first of them, good until something else is written
   * @throws BitcodeException if the message outgrows an array
   */
  ByteBuffer claim(long length) {
    int at = advance(length);
    return ByteBuffer.wrap(array, at, (int) length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The message, without a copy if it fills its array; nothing may be written afterwards. */
  byte[] toArray() {
    return size < array.length ? Arrays.copyOf(array, size) : array;
  }

  /** The message without a copy; nothing may be written afterwards. */
  ByteBuffer toBuffer() {
    return ByteBuffer.wrap(array, 0, size);
  }

  /** Makes room; returns where it begins. */
  private int advance(long more) {
    int start = size;
    if (more > array.length - start) {
      array = Arrays.copyOf(array, Growth.capacity(array.length, start + more));
    }
    size = start + (int) more;
    return start;
  }
}
