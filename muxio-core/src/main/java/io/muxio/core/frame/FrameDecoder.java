package io.muxio.core.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Messages to frames: finds the frames in a connection's bytes wherever the messages cut them, and
 * checks length and kind. A frame that lies whole in a message is lent in place; only one that
 * spans messages is copied. Used on the connection's thread only.
 */
public final class FrameDecoder {
  private enum State {
    /** The generation is not known: the first message is collected whole. */
    DETECTING,
    /** Frames go to the listener. */
    DECODING,
    /** An error of the connection's scope: nothing more is decoded. */
    FAILED,
    /** Closed by its owner. */
    CLOSED
  }

  private static final int FIRST_PART_SIZE = 256;

  /** HEADERS with as much metadata as every peer takes, and their other fields. */
  private static final int MAX_EARLY_HEADERS = 8192 + 25;

  private final CoreLimits limits;
  private final ByteBudget budget;
  private final ByteBufAllocator allocator;
  private final FrameListener listener;
  private State state;
  private @Nullable FrameFormat format;
  private boolean extended;
  private @Nullable RuntimeException failure;

  /** The beginning of a frame (or of the first message) whose rest has not come. */
  private @Nullable ByteBuf partial;

  /** A first message that came in parts, while its frames are delivered. */
  private @Nullable ByteBuf first;

  /**
   * Makes a decoder.
   *
   * @param format the peer's generation, or null to tell it from its first message
   * @param limits bounds the frames
   * @param budget is charged for the bytes of an unfinished frame
   * @param allocator where a frame that spans messages is put together
   * @param listener gets the frames
   */
  public FrameDecoder(
      @Nullable FrameFormat format,
      CoreLimits limits,
      ByteBudget budget,
      ByteBufAllocator allocator,
      FrameListener listener) {
    this.format = format;
    this.limits = limits;
    this.budget = budget;
    this.allocator = allocator;
    this.listener = listener;
    this.state = format == null ? State.DETECTING : State.DECODING;
  }

  /**
   * Takes frames of the extension too, which are of generation 13 from the first one on.
   *
   * @throws IllegalStateException where bytes have been decoded as another generation
   */
  public void extend() {
    if (format == FrameFormat.GENERATION_21 || partial != null) {
      throw new IllegalStateException("the extension was negotiated after the first frame");
    }
    extended = true;
    format = FrameFormat.GENERATION_13;
    state = State.DECODING;
  }

  /**
   * The peer's generation.
   *
   * @return null until its first message has come
   */
  public @Nullable FrameFormat format() {
    return format;
  }

  /**
   * Takes the next bytes and tells the listener of each frame that they complete, until the turn is
   * over.
   *
   * @param bytes the next bytes of the connection; lent
   * @param endOfMessage whether a message ends with them; matters for the first message alone
   * @param turn counts the frames and their bytes
   * @return true where the bytes were read to their end or nothing is decoded any more; false where
   *     the turn is over before, so that this method has to be called with the same bytes again,
   *     before any others
   * @throws ProtocolException (connection scope) where the bytes are no frames. Every later call
   *     throws it again, as it does with what the listener threw
   * @throws IllegalStateException where the decoder is closed
   */
  public boolean decode(ByteBuf bytes, boolean endOfMessage, Turn turn) {
    if (failure != null) {
      throw failure;
    }
    if (state == State.CLOSED) {
      throw new IllegalStateException("the decoder is closed");
    }
    try {
      if (state == State.DETECTING) {
        detect(bytes, endOfMessage);
      }
      return decodeFirst(turn) && decodeFrames(bytes, turn);
    } catch (RuntimeException e) {
      // Also where the listener broke down: the rest of these bytes is lost, so no frame begins
      // here.
      fail(e);
      throw e;
    }
  }

  /** Releases what is held. The decoder takes no bytes afterwards. */
  public void close() {
    state = State.CLOSED;
    releaseHeld();
  }

  private void fail(RuntimeException cause) {
    failure = cause;
    state = State.FAILED;
    releaseHeld();
  }

  private void detect(ByteBuf bytes, boolean endOfMessage) {
    if (partial == null && endOfMessage) {
      begin(bytes);
      return;
    }
    long most = (long) limits.maxFramePayload() + FrameFormat.GENERATION_21.headerSize();
    long size = (long) bytes.readableBytes() + (partial == null ? 0 : partial.readableBytes());
    if (size > most) {
      throw ProtocolException.connection(
          ProtocolException.Reason.FRAME_TOO_LARGE,
          "first message: " + size + " bytes or more (expected: at most " + most + ")");
    }
    addToPartial(bytes, bytes.readableBytes());
    if (endOfMessage) {
      first = takePartial();
      begin(first);
    }
  }

  private void begin(ByteBuf firstMessage) {
    FrameFormat detected = FrameFormat.detect(firstMessage);
    if (detected == null) {
      throw ProtocolException.connection(
          ProtocolException.Reason.UNKNOWN_GENERATION,
          "first message of "
              + firstMessage.readableBytes()
              + " bytes is not made of whole frames with 13- or 21-byte headers");
    }
    format = detected;
    state = State.DECODING;
  }

  private boolean decodeFirst(Turn turn) {
    if (first == null) {
      return true;
    }
    ByteBuf message = first;
    first = null; // who closes the decoder meanwhile must not release what is being read
    boolean done = true;
    try {
      done = decodeFrames(message, turn);
    } finally {
      if (done) {
        message.release();
      } else {
        first = message;
      }
    }
    return done;
  }

  private boolean decodeFrames(ByteBuf bytes, Turn turn) {
    while (state == State.DECODING && bytes.isReadable()) {
      if (turn.isOver()) {
        return false;
      }
      int before = bytes.readerIndex();
      if (partial != null) {
        completePartial(partial, bytes);
      } else {
        int size = wholeFrameSize(bytes);
        if (size < 0) {
          addToPartial(bytes, bytes.readableBytes());
        } else {
          deliver(bytes, size);
        }
      }
      turn.step(bytes.readerIndex() - before);
    }
    return true;
  }

  /**
   * Moves bytes into the unfinished frame: first what its header lacks, then what the frame lacks.
   */
  private void completePartial(ByteBuf frame, ByteBuf bytes) {
    int headerSize = headerSize();
    if (frame.readableBytes() < headerSize) {
      addToPartial(bytes, Math.min(headerSize - frame.readableBytes(), bytes.readableBytes()));
    }
    int size = frameSize(frame);
    if (size < 0) {
      return;
    }
    addToPartial(bytes, Math.min(size - frame.readableBytes(), bytes.readableBytes()));
    if (frame.readableBytes() == size) {
      takePartial();
      try {
        deliver(frame, size);
      } finally {
        frame.release();
      }
    }
  }

  /** The size of the frame at the reader index, or -1 where it does not lie whole in the bytes. */
  private int wholeFrameSize(ByteBuf bytes) {
    int size = frameSize(bytes);
    return size <= bytes.readableBytes() ? size : -1;
  }

  /** The size of the frame at the reader index, or -1 where its header is not complete. */
  private int frameSize(ByteBuf bytes) {
    int headerSize = headerSize();
    if (bytes.readableBytes() < headerSize) {
      return -1;
    }
    long payloadLength = FrameCodec.payloadLength(bytes, bytes.readerIndex());
    if (payloadLength > limits.maxFramePayload() && !isHeaders(bytes, payloadLength)) {
      throw ProtocolException.connection(
          ProtocolException.Reason.FRAME_TOO_LARGE,
          "frame payload: "
              + payloadLength
              + " bytes (expected: at most "
              + limits.maxFramePayload()
              + ", maxFramePayload)");
    }
    return headerSize + (int) payloadLength;
  }

  /** Before a peer knows the limits it sends headers of this length. */
  private boolean isHeaders(ByteBuf bytes, long payloadLength) {
    return extended
        && payloadLength <= MAX_EARLY_HEADERS
        && FrameKind.of(FrameCodec.kindCode(bytes, bytes.readerIndex())) == FrameKind.HEADERS;
  }

  private void deliver(ByteBuf in, int size) {
    int start = in.readerIndex();
    int end = in.writerIndex();
    int kindCode = FrameCodec.kindCode(in, start);
    FrameKind kind = FrameKind.of(kindCode);
    if (kind == null || (kind.isExtension() && !extended)) {
      if (!extended || !FrameKind.isReserved(kindCode)) {
        throw ProtocolException.connection(
            ProtocolException.Reason.UNKNOWN_FRAME_KIND,
            "frame kind: " + kindCode + " (expected: 0 to 5" + (extended ? ", 16 to 127)" : ")"));
      }
      in.setIndex(start + size, end); // of a later version of the extension
      return;
    }
    in.setIndex(start + headerSize(), start + size);
    try {
      listener.onFrame(FrameCodec.streamId(in, start), FrameCodec.sequence(in, start), kind, in);
    } finally {
      in.setIndex(start + size, end);
    }
  }

  private int headerSize() {
    assert format != null : "decoding before the generation is known";
    return format.headerSize();
  }

  private void addToPartial(ByteBuf bytes, int count) {
    if (count == 0) {
      return;
    }
    try {
      budget.reserve(count);
    } catch (ProtocolException e) {
      // An unfinished frame cannot be skipped, so here a full buffer ends the connection.
      throw e.ofConnection();
    }
    if (partial == null) {
      partial = allocator.buffer(Math.max(count, FIRST_PART_SIZE));
    }
    partial.writeBytes(bytes, count);
  }

  private ByteBuf takePartial() {
    ByteBuf taken = partial;
    assert taken != null : "no unfinished frame";
    partial = null;
    budget.release(taken.readableBytes());
    return taken;
  }

  private void releaseHeld() {
    if (partial != null) {
      takePartial().release();
    }
    if (first != null) {
      first.release();
      first = null;
    }
  }
}
