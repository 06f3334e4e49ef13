package io.muxio.core.rpc;

import io.netty.buffer.ByteBuf;

/**
 * The fixed part of an RPC header to and from bytes.
 *
 * <pre>
 *  0   1           5               13      15
 * +---+-----------+---------------+-------+----------+------
 * |typ|request id |method id      |length |metadata …|body …
 * +---+-----------+---------------+-------+----------+------
 *  u8  u32 LE      u64 LE          u16 LE
 * </pre>
 */
final class RpcHeaderCodec {
  static final int FIXED_SIZE = 15;
  static final int MAX_METADATA = 0xffff;

  private static final int REQUEST_ID_OFFSET = 1;
  private static final int METHOD_ID_OFFSET = 5;
  private static final int METADATA_LENGTH_OFFSET = 13;

  private RpcHeaderCodec() {}

  static int typeCode(ByteBuf in, int index) {
    return in.getUnsignedByte(index);
  }

  static int requestId(ByteBuf in, int index) {
    return in.getIntLE(index + REQUEST_ID_OFFSET);
  }

  static long methodId(ByteBuf in, int index) {
    return in.getLongLE(index + METHOD_ID_OFFSET);
  }

  static int metadataLength(ByteBuf in, int index) {
    return in.getUnsignedShortLE(index + METADATA_LENGTH_OFFSET);
  }

  static void write(
      ByteBuf out, RpcMessageType type, int requestId, long methodId, int metadataLength) {
    out.writeByte(type.code());
    out.writeIntLE(requestId);
    out.writeLongLE(methodId);
    out.writeShortLE(metadataLength);
  }
}
