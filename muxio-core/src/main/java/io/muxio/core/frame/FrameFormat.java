package io.muxio.core.frame;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The two generations of the frame header, named by their size in bytes. */
public enum FrameFormat {
  /** Spoken by peers from 0.15 on. */
  GENERATION_13(13),
  /** Spoken by peers up to 0.14: the same fields and then a timestamp that no reader uses. */
  GENERATION_21(21);

  private final int headerSize;

  FrameFormat(int headerSize) {
    this.headerSize = headerSize;
  }

  /**
   * The size of a frame header.
   *
   * @return bytes
   */
  public int headerSize() {
    return headerSize;
  }

  /**
   * Tells a peer's generation from its first message, which must hold whole frames only.
   *
   * <p>A message of one frame, which is what every published peer sends first, decides without
   * doubt: its size less its payload length is 13 or 21. Several frames decide by which header size
   * makes them end where the message ends, the newer generation first.
   *
   * @param firstMessage the message; lent, its indices are not changed
   * @return the generation, or null where the message is not made of whole frames of either
   */
  public static @Nullable FrameFormat detect(ByteBuf firstMessage) {
    for (FrameFormat format : values()) {
      if (format.fits(firstMessage)) {
        return format;
      }
    }
    return null;
  }

  private boolean fits(ByteBuf message) {
    int index = message.readerIndex();
    int end = message.writerIndex();
    if (index == end) {
      return false;
    }
    while (index < end) {
      if (end - index < headerSize || !isKindAt(message, index)) {
        return false;
      }
      long next = (long) index + headerSize + FrameCodec.payloadLength(message, index);
      if (next > end) {
        return false;
      }
      index = (int) next;
    }
    return true;
  }

  /** A first message tells the generation only where no extension was negotiated. */
  private static boolean isKindAt(ByteBuf message, int index) {
    FrameKind kind = FrameKind.of(FrameCodec.kindCode(message, index));
    return kind != null && !kind.isExtension();
  }
}
