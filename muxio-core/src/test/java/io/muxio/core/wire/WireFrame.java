package io.muxio.core.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One frame as a test sees it. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WireFrame(int stream, int sequence, int kind, byte[] payload, long timestamp) {
  public WireFrame withStream(int other) {
    return new WireFrame(other, sequence, kind, payload, timestamp);
  }

  public byte[] bytes(int headerSize) {
    ByteBuffer out =
        ByteBuffer.allocate(headerSize + payload.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(payload.length)
            .putInt(stream)
            .putInt(sequence)
            .put((byte) kind);
    if (headerSize == 21) {
      out.putLong(timestamp);
    }
    return out.put(payload).array();
  }

  /** The frame in a line, for comparisons that a reader can follow. */
  public String summary() {
    return Integer.toUnsignedString(stream)
        + "#"
        + Integer.toUnsignedString(sequence)
        + " "
        + switch (kind) {
          case Wire.OPEN -> "open";
          case Wire.DATA -> "data";
          case Wire.END -> "end";
          case Wire.CANCEL -> "cancel";
          case Wire.PONG -> "pong";
          case Wire.PING -> "ping";
          default -> "kind " + kind;
        }
        + " "
        + payload.length;
  }
}
