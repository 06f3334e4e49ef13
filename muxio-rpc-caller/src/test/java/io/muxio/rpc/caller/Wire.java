package io.muxio.rpc.caller;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a peer's bytes look like, for what an endpoint never sends. */
final class Wire {
  static final int OPEN = 0;
  static final int DATA = 1;
  static final int END = 2;
  static final int CANCEL = 3;
  static final int PONG = 4;
  static final byte[] NOTHING = {};
  private static final int FRAME_HEADER = 13;
  private static final int RPC_HEADER = 15;

  private Wire() {}

  static byte[] frame(int stream, int sequence, int kind, byte[] payload) {
    return buffer(FRAME_HEADER + payload.length)
        .putInt(payload.length)
        .putInt(stream)
        .putInt(sequence)
        .put((byte) kind)
        .put(payload)
        .array();
  }

  /** The RPC header of an answer and the body after it. */
  static byte[] answer(int request, byte[] metadata, byte[] body) {
    return buffer(RPC_HEADER + metadata.length + body.length)
        .put((byte) 1)
        .putInt(request)
        .putLong(0)
        .putShort((short) metadata.length)
        .put(metadata)
        .put(body)
        .array();
  }

  /** Byte i is i mod 251. */
  static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 251);
    }
    return bytes;
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
