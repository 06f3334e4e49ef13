package io.muxio.bitcode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A message under construction: a little endian buffer that grows. */
final class Output {
  private static final int INITIAL_BYTES = 128;

  private byte[] array = new byte[INITIAL_BYTES];
  private ByteBuffer bytes = littleEndian(array);

  /**
   * Makes room.
   *
   * @return the buffer, good until the next call
   * @throws BitcodeException if the message outgrows an array
   */
  ByteBuffer reserve(long more) {
    if (more > bytes.remaining()) {
      int size = bytes.position();
      array = Arrays.copyOf(array, Growth.capacity(array.length, size + more));
      bytes = littleEndian(array).position(size);
    }
    return bytes;
  }

  void u8(int value) {
    reserve(1).put((byte) value);
  }

  void bytes(byte[] source, int length) {
    reserve(length).put(source, 0, length);
  }

  /** The message, without a copy if it fills its array; nothing may be written afterwards. */
  byte[] toArray() {
    return bytes.hasRemaining() ? Arrays.copyOf(array, bytes.position()) : array;
  }

  /** The message without a copy; nothing may be written afterwards. */
  ByteBuffer toBuffer() {
    return bytes.flip();
  }

  private static ByteBuffer littleEndian(byte[] array) {
    return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
  }
}
