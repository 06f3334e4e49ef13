package io.muxio.core.rpc;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameKind;
import io.muxio.core.frame.FrameWriter;
import io.muxio.core.frame.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.concurrent.TimeUnit;

/**
 * What goes in front of a call or an answer where both ends speak the extension: fields of an id
 * (u8), a length (u16) and so many bytes. Numbers have 8. Those not known are ignored. Immutable.
 */
public final class CallHeaders {
  /** A call that waits for its answer as long as it takes, and has nothing more to say. */
  public static final CallHeaders EMPTY =
      new CallHeaders(CallHeaders.NONE, CallHeaders.NONE, new byte[0]);

  /** Not said. */
  static final long NONE = -1;

  private static final int TIME_LEFT = 1;
  private static final int RETRY_AFTER = 2;
  private static final int METADATA = 3;
  private static final int FIELD_HEADER = 3;
  private static final int NUMBER_FIELD = FIELD_HEADER + Long.BYTES;

  /** What all fields but the metadata itself take at most, those not known left out. */
  static final int OVERHEAD = 2 * NUMBER_FIELD + FIELD_HEADER;

  private final long timeLeftMicros;
  private final long retryAfterMillis;
  private final byte[] metadata;

  private CallHeaders(long timeLeftMicros, long retryAfterMillis, byte[] metadata) {
    this.timeLeftMicros = timeLeftMicros;
    this.retryAfterMillis = retryAfterMillis;
    this.metadata = metadata;
  }

  /**
   * The headers of a call.
   *
   * @param nanosLeft the time until the answer is of no use any more; {@link
   *     RpcDispatcher#UNLIMITED} for none. To wait no longer is the caller's
   * @param metadata entries as docs/protocol.md has them in 12.5, up to {@link
   *     CoreLimits#MAX_METADATA_SIZE} bytes; not copied and not to be changed
   * @return the headers
   */
  public static CallHeaders of(long nanosLeft, byte[] metadata) {
    if (nanosLeft == RpcDispatcher.UNLIMITED && metadata.length == 0) {
      return EMPTY;
    }
    long micros =
        nanosLeft == RpcDispatcher.UNLIMITED
            ? NONE
            : Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanosLeft));
    return new CallHeaders(micros, NONE, metadata);
  }

  /** The headers of an answer. */
  static CallHeaders ofAnswer(long retryAfterMillis, byte[] metadata) {
    return new CallHeaders(NONE, retryAfterMillis, metadata);
  }

  /** Of a call: how long its caller still waits; {@link #NONE} where it waits on and on. */
  long timeLeftMicros() {
    return timeLeftMicros;
  }

  /** Of an answer: when the call may be made again; {@link #NONE} where it was not refused. */
  long retryAfterMillis() {
    return retryAfterMillis;
  }

  /** The entries, not to be changed. */
  byte[] metadata() {
    return metadata;
  }

  boolean isEmpty() {
    return timeLeftMicros == NONE && retryAfterMillis == NONE && metadata.length == 0;
  }

  void write(FrameWriter frames, int requestId) {
    int numbers = (timeLeftMicros == NONE ? 0 : 1) + (retryAfterMillis == NONE ? 0 : 1);
    int entries = metadata.length == 0 ? 0 : FIELD_HEADER + metadata.length;
    ByteBuf out = frames.start(requestId, 0, FrameKind.HEADERS, numbers * NUMBER_FIELD + entries);
    write(out, TIME_LEFT, timeLeftMicros);
    write(out, RETRY_AFTER, retryAfterMillis);
    if (entries > 0) {
      out.writeByte(METADATA).writeShortLE(metadata.length).writeBytes(metadata);
    }
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
    byte[] metadata = EMPTY.metadata;
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
        case METADATA -> metadata = entries(value);
        default -> {} // of a later version of the extension
      }
    }
    return new CallHeaders(timeLeft, retryAfter, metadata);
  }

  private static long number(ByteBuf value) {
    if (value.readableBytes() < Long.BYTES) {
      throw cutOff();
    }
    long number = value.readLongLE();
    return number < 0 ? Long.MAX_VALUE : number;
  }

  /** Copies them when each is whole, so that nobody who reads them has to ask. */
  private static byte[] entries(ByteBuf value) {
    byte[] bytes = ByteBufUtil.getBytes(value);
    while (value.isReadable()) {
      int name = value.readUnsignedByte();
      if (name == 0 || value.readableBytes() < name + Short.BYTES) {
        throw cutOff();
      }
      for (int left = name; left > 0; left--) {
        checkName(value.readByte());
      }
      int length = value.readUnsignedShortLE();
      if (value.readableBytes() < length) {
        throw cutOff();
      }
      value.skipBytes(length);
    }
    return bytes;
  }

  private static void checkName(byte letter) {
    if (!isOfName(letter)) {
      throw ProtocolException.connection(
          ProtocolException.Reason.FRAME_OUT_OF_PLACE,
          "HEADERS with the byte "
              + Byte.toUnsignedInt(letter)
              + " in a name of its metadata (expected: a-z, 0-9, '-', '_' or '.')");
    }
  }

  /**
   * Whether a name of metadata may have this letter.
   *
   * @param letter in ASCII
   * @return true for a-z, 0-9, '-', '_' and '.'
   */
  public static boolean isOfName(int letter) {
    return (letter >= 'a' && letter <= 'z')
        || (letter >= '0' && letter <= '9')
        || letter == '-'
        || letter == '_'
        || letter == '.';
  }

  private static ProtocolException cutOff() {
    return ProtocolException.connection(
        ProtocolException.Reason.FRAME_OUT_OF_PLACE,
        "HEADERS end in the middle of a field (expected: id, length and as many bytes)");
  }
}
