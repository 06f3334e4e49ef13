package io.muxio.bitcode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A message under construction: a little endian buffer that grows. */
final class Output {
  private static final int INITIAL_BYTES = 128;

  private ByteBuffer bytes = littleEndian(INITIAL_BYTES);

  /**
   * Makes room.
   *
   * @return the buffer, good until the next call
   * @throws BitcodeException if the message outgrows an array
   */
  ByteBuffer reserve(long more) {
    if (more > bytes.remaining()) {
      int capacity = Growth.capacity(bytes.capacity(), bytes.position() + more);
      bytes = littleEndian(capacity).put(bytes.flip());
    }
    return bytes;
  }

  void u8(int value) {
    reserve(1).put((byte) value);
  }

  void bytes(byte[] source, int length) {
    reserve(length).put(source, 0, length);
  }

  byte[] toArray() {
    byte[] result = new byte[bytes.position()];
    bytes.get(0, result);
    return result;
  }

  /** The message without a copy; nothing may be written afterwards. */
  ByteBuffer toBuffer() {
    return bytes.flip();
  }

  private static ByteBuffer littleEndian(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }
}
