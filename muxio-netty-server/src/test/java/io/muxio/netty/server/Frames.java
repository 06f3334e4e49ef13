package io.muxio.netty.server;

import io.muxio.rpc.service.MethodId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Frames with 13-byte headers as bytes, written without the code under test. */
final class Frames {
  private Frames() {}

  static byte[] frame(int streamId, int sequence, int kind, byte[] payload) {
    return ByteBuffer.allocate(13 + payload.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(payload.length)
        .putInt(streamId)
        .putInt(sequence)
        .put((byte) kind)
        .put(payload)
        .array();
  }

  static byte[] header(int type, int requestId, long methodId, byte[] metadata) {
    return ByteBuffer.allocate(15 + metadata.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) type)
        .putInt(requestId)
        .putLong(methodId)
        .putShort((short) metadata.length)
        .put(metadata)
        .array();
  }

  /** A whole call: Open with everything in it, and End. */
  static byte[] call(int streamId, int requestId, String method, String parameters) {
    byte[] metadata = parameters.getBytes(StandardCharsets.UTF_8);
    return join(
        frame(streamId, 0, 0, header(0, requestId, MethodId.of(method), metadata)),
        frame(streamId, 1, 2, new byte[0]));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  /** The body of an answer that fits into one frame and came with its End. */
  static String bodyOf(byte[] message) {
    int length = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt();
    int start = 13 + 16;
    return new String(message, start, length - 16, StandardCharsets.UTF_8);
  }

  static int requestIdOf(byte[] message) {
    return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(13 + 1);
  }

  static int statusOf(byte[] message) {
    return message[13 + 15];
  }
}
