package io.muxio.core.frame;

import io.netty.buffer.ByteBuf;

/**
 * One frame header to and from bytes.
 *
 * <pre>
 *  0       4       8       12  13              21
 * +-------+-------+-------+---+---------------+----------
 * |length |stream |seq    |knd|timestamp      |payload …
 * +-------+-------+-------+---+---------------+----------
 *  u32 LE  u32 LE  u32 LE  u8  u64 LE, generation 21 only
 * </pre>
 *
 * The length counts the payload alone. The timestamp is the sender's wall clock in microseconds.
 */
final class FrameCodec {
  private static final int STREAM_ID_OFFSET = 4;
  private static final int SEQUENCE_OFFSET = 8;
  private static final int KIND_OFFSET = 12;

  private FrameCodec() {}

  /** The payload's length as an unsigned number, up to 4 GiB less one. */
  static long payloadLength(ByteBuf in, int index) {
    return in.getUnsignedIntLE(index);
  }

  static int streamId(ByteBuf in, int index) {
    return in.getIntLE(index + STREAM_ID_OFFSET);
  }

  static int sequence(ByteBuf in, int index) {
    return in.getIntLE(index + SEQUENCE_OFFSET);
  }

  static int kindCode(ByteBuf in, int index) {
    return in.getUnsignedByte(index + KIND_OFFSET);
  }

  static void writeHeader(
      ByteBuf out, int payloadLength, int streamId, int sequence, FrameKind kind) {
    out.writeIntLE(payloadLength);
    out.writeIntLE(streamId);
    out.writeIntLE(sequence);
    out.writeByte(kind.code());
  }
}
