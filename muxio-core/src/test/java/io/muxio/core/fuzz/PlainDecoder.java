package io.muxio.core.fuzz;

import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.ProtocolException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What docs/protocol.md says of bytes that are all there: slow, simple, and in one piece. */
final class PlainDecoder {
  private static final int KINDS = 6;

  private final int maxPayload;
  private final List<String> frames = new ArrayList<>();
  private @Nullable FrameFormat format;
  private @Nullable Reason failure;

  PlainDecoder(@Nullable FrameFormat format, int maxPayload) {
    this.format = format;
    this.maxPayload = maxPayload;
  }

  void decode(byte[] first, byte[] rest) {
    if (format == null) {
      format =
          madeOfFrames(first, 13)
              ? FrameFormat.GENERATION_13
              : madeOfFrames(first, 21) ? FrameFormat.GENERATION_21 : null;
    }
    if (format == null) {
      failure = Reason.UNKNOWN_GENERATION;
      return;
    }
    byte[] bytes = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, bytes, first.length, rest.length);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (failure == null && in.remaining() >= format.headerSize()) {
      long length = Integer.toUnsignedLong(in.getInt());
      int stream = in.getInt();
      int sequence = in.getInt();
      int kind = Byte.toUnsignedInt(in.get());
      in.position(in.position() + format.headerSize() - 13);
      if (length > maxPayload) {
        failure = Reason.FRAME_TOO_LARGE;
      } else if (in.remaining() < length) {
        return;
      } else if (kind >= KINDS) {
        failure = Reason.UNKNOWN_FRAME_KIND;
      } else {
        byte[] payload = new byte[(int) length];
        in.get(payload);
        frames.add(frame(stream, sequence, kind, payload));
      }
    }
  }

  private static boolean madeOfFrames(byte[] message, int headerSize) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    long index = 0;
    while (index < message.length) {
      if (message.length - index < headerSize || !isKind(message[(int) index + 12])) {
        return false;
      }
      index += headerSize + Integer.toUnsignedLong(in.getInt((int) index));
    }
    return message.length > 0 && index == message.length;
  }

  private static boolean isKind(byte code) {
    return code >= 0 && code < KINDS;
  }

  static String frame(int stream, int sequence, int kind, byte[] payload) {
    return stream + "#" + sequence + " " + kind + " " + Arrays.hashCode(payload);
  }

  List<String> frames() {
    return frames;
  }

  @Nullable Reason failure() {
    return failure;
  }

  @Nullable FrameFormat format() {
    return format;
  }
}
