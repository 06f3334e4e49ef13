package io.muxio.core.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Frames to messages: packs the frames of all streams into as few messages as their size allows.
 * Small payloads are copied into the message, large ones gathered. Nothing leaves before {@link
 * #flush()}, unless a message is full. Used on the connection's thread only.
 */
public final class FrameWriter {
  /** From this size on, gathering a direct buffer beats copying it. */
  private static final int GATHER_SIZE = 4096;

  private static final int SMALLEST_MESSAGE = 256;

  private final ByteBufAllocator allocator;
  private final int maxMessageSize;
  private final LongSupplier clockMicros;
  private final MessageSink sink;
  private @Nullable FrameFormat format;

  /** The end of the message being built: headers and small payloads are appended here. */
  private @Nullable ByteBuf tail;

  /** What comes before the tail, where a large payload was gathered. */
  private @Nullable CompositeByteBuf gathered;

  private int messageSize;
  private boolean oneFrameOnly;
  private boolean closed;
  private int lastMessageSize = SMALLEST_MESSAGE;

  /**
   * Makes a writer.
   *
   * @param allocator where messages are built
   * @param maxMessageSize bytes of a message of several frames; a larger frame goes alone
   * @param clockMicros wall clock in microseconds since 1970, for the 21-byte header
   * @param sink gets the messages
   */
  public FrameWriter(
      ByteBufAllocator allocator, int maxMessageSize, LongSupplier clockMicros, MessageSink sink) {
    this.allocator = allocator;
    this.maxMessageSize = maxMessageSize;
    this.clockMicros = clockMicros;
    this.sink = sink;
  }

  /**
   * Sets the generation to write.
   *
   * @param format the peer's generation
   */
  public void use(FrameFormat format) {
    this.format = format;
  }

  /**
   * The generation to write.
   *
   * @return null until {@link #use} was called
   */
  public @Nullable FrameFormat format() {
    return format;
  }

  /**
   * Sends the next message with one frame alone. A client begins so: where its first message ends
   * tells the server the generation, and with a single frame that cannot be mistaken.
   */
  public void beginWithOneFrame() {
    oneFrameOnly = true;
  }

  /**
   * Writes a frame's header. Exactly {@code payloadLength} bytes must follow, by {@link #append} or
   * written into what it returns.
   *
   * @param streamId the stream
   * @param sequence the frame's place in it
   * @param kind what it does
   * @param payloadLength bytes, 0 or more
   * @return the buffer that the payload may be written into; lent until the next call
   * @throws IllegalStateException where the generation is not known, or the connection is closed
   */
  public ByteBuf start(int streamId, int sequence, FrameKind kind, int payloadLength) {
    FrameFormat format = this.format;
    if (closed) {
      throw new IllegalStateException("the connection is closed");
    }
    if (format == null) {
      throw new IllegalStateException(
          "the peer's generation is not known before its first message");
    }
    int size = format.headerSize() + payloadLength;
    if (messageSize > 0 && (oneFrameOnly || messageSize + size > maxMessageSize)) {
      flush();
    }
    messageSize += size;
    ByteBuf out = tail(format.headerSize() + Math.min(payloadLength, GATHER_SIZE));
    FrameCodec.writeHeader(out, payloadLength, streamId, sequence, kind);
    if (format == FrameFormat.GENERATION_21) {
      out.writeLongLE(clockMicros.getAsLong());
    }
    return out;
  }

  /**
   * Appends payload to the frame that was started.
   *
   * @param payload taken over by this method
   */
  public void append(ByteBuf payload) {
    int length = payload.readableBytes();
    if (length >= GATHER_SIZE && payload.isDirect()) {
      CompositeByteBuf parts = gathered;
      if (parts == null) {
        parts = gathered = allocator.compositeBuffer(Integer.MAX_VALUE);
      }
      sealTail(parts);
      parts.addComponent(true, payload);
      return;
    }
    try {
      tail(length).writeBytes(payload, payload.readerIndex(), length);
    } finally {
      payload.release();
    }
  }

  /** Sends the message that was being built, if there is one. */
  public void flush() {
    if (messageSize == 0) {
      return;
    }
    if (gathered == null) {
      lastMessageSize = messageSize;
    }
    messageSize = 0;
    oneFrameOnly = false;
    ByteBuf message;
    if (gathered != null) {
      sealTail(gathered);
      message = gathered;
      gathered = null;
    } else {
      message = tail;
      tail = null;
    }
    assert message != null : "a size without a message";
    sink.send(message);
  }

  /** Releases the message that was being built. Nothing can be written afterwards. */
  public void close() {
    closed = true;
    messageSize = 0;
    if (tail != null) {
      tail.release();
      tail = null;
    }
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }

  private ByteBuf tail(int room) {
    ByteBuf tail = this.tail;
    if (tail == null) {
      int guess = gathered == null ? Math.min(lastMessageSize, maxMessageSize) : SMALLEST_MESSAGE;
      this.tail = tail = allocator.directBuffer(Math.max(room, guess));
    }
    return tail;
  }

  private void sealTail(CompositeByteBuf parts) {
    if (tail != null) {
      parts.addComponent(true, tail);
      tail = null;
    }
  }
}
