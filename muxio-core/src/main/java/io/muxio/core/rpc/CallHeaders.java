package io.muxio.core.rpc;

import io.muxio.core.frame.FrameKind;
import io.muxio.core.frame.FrameWriter;
import io.muxio.core.frame.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * What goes in front of a call or an answer where both ends speak the extension: fields of an id
 * (u8), a length (u16) and so many bytes. Numbers have 8. Those not known are ignored.
 *
 * @param timeLeftMicros of a call: how long its caller still waits for the answer; {@link #NONE}
 *     where it waits as long as it takes
 * @param retryAfterMillis of an answer: the call was refused before its handler ran, and may be
 *     made again after so long; {@link #NONE} where it was not
 */
record CallHeaders(long timeLeftMicros, long retryAfterMillis) {
  /** Not said. */
  static final long NONE = -1;

  static final CallHeaders EMPTY = new CallHeaders(NONE, NONE);

  private static final int TIME_LEFT = 1;
  private static final int RETRY_AFTER = 2;
  private static final int FIELD_HEADER = 3;

  static CallHeaders timeLeft(long micros) {
    return new CallHeaders(micros, NONE);
  }

  static CallHeaders retryAfter(long millis) {
    return new CallHeaders(NONE, millis);
  }

  void write(FrameWriter frames, int requestId) {
    int fields = (timeLeftMicros == NONE ? 0 : 1) + (retryAfterMillis == NONE ? 0 : 1);
    int size = fields * (FIELD_HEADER + Long.BYTES);
    ByteBuf out = frames.start(requestId, 0, FrameKind.HEADERS, size);
    write(out, TIME_LEFT, timeLeftMicros);
    write(out, RETRY_AFTER, retryAfterMillis);
  }

  private static void write(ByteBuf out, int id, long value) {
    if (value != NONE) {
      out.writeByte(id);
      out.writeShortLE(Long.BYTES);
      out.writeLongLE(value);
    }
  }

  /** Reads a payload to its end. */
  static CallHeaders read(ByteBuf payload) {
    long timeLeft = NONE;
    long retryAfter = NONE;
    while (payload.isReadable()) {
      if (payload.readableBytes() < FIELD_HEADER) {
        throw cutOff();
      }
      int id = payload.readUnsignedByte();
      int length = payload.readUnsignedShortLE();
      if (payload.readableBytes() < length) {
        throw cutOff();
      }
      ByteBuf value = payload.readSlice(length);
      switch (id) {
        case TIME_LEFT -> timeLeft = number(value);
        case RETRY_AFTER -> retryAfter = number(value);
        default -> {} // of a later version of the extension
      }
    }
    return new CallHeaders(timeLeft, retryAfter);
  }

  private static long number(ByteBuf value) {
    if (value.readableBytes() < Long.BYTES) {
      throw cutOff();
    }
    long number = value.readLongLE();
    return number < 0 ? Long.MAX_VALUE : number;
  }

  private static ProtocolException cutOff() {
    return ProtocolException.connection(
        ProtocolException.Reason.FRAME_OUT_OF_PLACE,
        "HEADERS end in the middle of a field (expected: id, length and as many bytes)");
  }
}
