package io.muxio.core.frame;

import io.netty.buffer.ByteBuf;

/**
 * One outgoing stream: gives its frames their kind and sequence and cuts payload at the chunk size.
 * Used on the connection's thread only.
 */
public final class FrameStreamEncoder {
  /** The life of an outgoing stream. */
  public enum State {
    /** Nothing was sent; the next frame is Open. */
    IDLE,
    /** Open was sent; from {@link #IDLE}. */
    OPEN,
    /** End was sent; from {@link #OPEN}. Final. */
    ENDED,
    /**
     * Cancel was sent, or the stream given up before Open; from {@link #IDLE} and {@link #OPEN}.
     * Final.
     */
    CANCELLED
  }

  private final int streamId;
  private final int chunkSize;
  private final FrameWriter frames;
  private State state = State.IDLE;
  private int nextSequence;

  /**
   * Makes a stream of which nothing was sent.
   *
   * @param streamId its id, from this end's {@link IdSpace}
   * @param chunkSize bytes of payload in one frame at most; 1 or more
   * @param frames where its frames go
   */
  public FrameStreamEncoder(int streamId, int chunkSize, FrameWriter frames) {
    this.streamId = streamId;
    this.chunkSize = chunkSize;
    this.frames = frames;
  }

  /**
   * Where the stream is in its life.
   *
   * @return the state
   */
  public State state() {
    return state;
  }

  /**
   * The stream's id.
   *
   * @return an unsigned number
   */
  public int streamId() {
    return streamId;
  }

  /**
   * Bytes of payload in one frame at most.
   *
   * @return 1 or more
   */
  public int chunkSize() {
    return chunkSize;
  }

  /**
   * Begins the next frame; exactly {@code length} bytes of payload must follow.
   *
   * @param length 0 to the chunk size
   * @return the buffer that the payload may be written into, see {@link FrameWriter#start}
   * @throws IllegalStateException where the stream has ended or was cancelled
   */
  public ByteBuf startFrame(int length) {
    assert length <= chunkSize : length + " bytes in a chunk of " + chunkSize;
    FrameKind kind =
        switch (state) {
          case IDLE -> FrameKind.OPEN;
          case OPEN -> FrameKind.DATA;
          case ENDED, CANCELLED -> throw illegalMove(State.OPEN);
        };
    ByteBuf out = frames.start(streamId, nextSequence++, kind, length);
    state = State.OPEN;
    return out;
  }

  /**
   * Appends payload to the frame that was begun.
   *
   * @param payload taken over by this method
   */
  public void append(ByteBuf payload) {
    frames.append(payload);
  }

  /**
   * Sends payload in as many frames as it needs; none where it is empty.
   *
   * @param payload taken over by this method, also where it throws
   * @throws IllegalStateException where the stream has ended or was cancelled
   */
  public void write(ByteBuf payload) {
    try {
      if (state == State.ENDED || state == State.CANCELLED) {
        throw illegalMove(State.OPEN);
      }
      while (payload.readableBytes() > chunkSize) {
        startFrame(chunkSize);
        frames.append(payload.readRetainedSlice(chunkSize));
      }
      if (payload.isReadable()) {
        startFrame(payload.readableBytes());
        frames.append(payload.retain());
      }
    } finally {
      payload.release();
    }
  }

  /**
   * Sends End, without payload: published readers drop what an End carries.
   *
   * @throws IllegalStateException where nothing was sent, or the stream has ended or was cancelled
   */
  public void end() {
    if (state != State.OPEN) {
      throw illegalMove(State.ENDED);
    }
    frames.start(streamId, nextSequence++, FrameKind.END, 0);
    state = State.ENDED;
  }

  /**
   * Voids the stream. The Cancel goes alone in its message: published readers give up on the rest
   * of it. A stream of which nothing was sent needs none.
   *
   * @throws IllegalStateException where the stream has ended or was cancelled
   */
  public void cancel() {
    switch (state) {
      case IDLE -> {}
      case OPEN -> {
        frames.flush();
        frames.start(streamId, nextSequence++, FrameKind.CANCEL, 0);
        frames.flush();
      }
      case ENDED, CANCELLED -> throw illegalMove(State.CANCELLED);
    }
    state = State.CANCELLED;
  }

  private IllegalStateException illegalMove(State to) {
    return new IllegalStateException(
        "stream " + Integer.toUnsignedString(streamId) + ": " + state + " to " + to);
  }
}
