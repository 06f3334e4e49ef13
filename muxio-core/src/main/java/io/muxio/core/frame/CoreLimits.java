package io.muxio.core.frame;

/**
 * Every bound of one connection's protocol state: what a peer can make grow, and how far.
 *
 * @param maxFramePayload bytes of one frame's payload; 1 to {@link #MAX_FRAME_PAYLOAD}. Published
 *     senders cut at 65,536
 * @param maxStreams inbound streams open at once, those included that failed and have not ended;
 *     passing it ends the connection
 * @param maxSequenceGap how many frames a frame may be ahead of its stream; 0 allows none
 * @param maxInboundCalls calls of the peer that have not been answered; the call that passes it is
 *     refused
 * @param maxPendingCalls calls to the peer that wait for their answer; the call that passes it
 *     fails
 * @param maxRequestSize bytes of one unary request; the call that passes it is refused
 * @param maxResponseSize bytes of one unary answer; the call that gets it fails
 * @param maxStreamBufferedBytes bytes of one inbound stream of chunks that its reader has not
 *     taken, the chunks' own size in memory included; the stream that passes it fails. From a
 *     quarter of it on the connection is congested: nothing should be read until the reader has
 *     caught up
 * @param maxBufferedBytes bytes that the connection holds for the peer: unfinished frames, frames
 *     ahead of their stream, requests that have not been answered, answers that have not come
 *     whole, chunks that have not been taken
 */
public record CoreLimits(
    int maxFramePayload,
    int maxStreams,
    int maxSequenceGap,
    int maxInboundCalls,
    int maxPendingCalls,
    int maxRequestSize,
    int maxResponseSize,
    int maxStreamBufferedBytes,
    long maxBufferedBytes) {

  /** What {@link #maxFramePayload()} may be at most: 1 GiB, so that a frame fits into a buffer. */
  public static final int MAX_FRAME_PAYLOAD = 1 << 30;

  /** The defaults: the values that a {@link #builder()} starts from. */
  public static final CoreLimits DEFAULT = builder().build();

  /**
   * Checks the ranges.
   *
   * @param maxFramePayload see the record
   * @param maxStreams see the record
   * @param maxSequenceGap see the record
   * @param maxInboundCalls see the record
   * @param maxPendingCalls see the record
   * @param maxRequestSize see the record
   * @param maxResponseSize see the record
   * @param maxStreamBufferedBytes see the record
   * @param maxBufferedBytes see the record
   * @throws IllegalArgumentException where a value is out of its range
   */
  public CoreLimits {
    atLeast(1, maxFramePayload, "maxFramePayload");
    if (maxFramePayload > MAX_FRAME_PAYLOAD) {
      throw new IllegalArgumentException(
          "maxFramePayload: " + maxFramePayload + " (expected: at most " + MAX_FRAME_PAYLOAD + ")");
    }
    atLeast(1, maxStreams, "maxStreams");
    atLeast(0, maxSequenceGap, "maxSequenceGap");
    atLeast(1, maxInboundCalls, "maxInboundCalls");
    atLeast(1, maxPendingCalls, "maxPendingCalls");
    atLeast(0, maxRequestSize, "maxRequestSize");
    atLeast(0, maxResponseSize, "maxResponseSize");
    atLeast(1, maxStreamBufferedBytes, "maxStreamBufferedBytes");
    atLeast(1, maxBufferedBytes, "maxBufferedBytes");
  }

  private static void atLeast(long least, long actual, String name) {
    if (actual < least) {
      throw new IllegalArgumentException(
          name + ": " + actual + " (expected: " + least + " or more)");
    }
  }

  /**
   * A builder that starts from the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Makes {@link CoreLimits}; what is not set keeps its default. Not thread-safe. */
  public static final class Builder {
    private int maxFramePayload = 1 << 20;
    private int maxStreams = 1 << 14;
    private int maxSequenceGap = 64;
    private int maxInboundCalls = 1 << 14;
    private int maxPendingCalls = 1 << 14;
    private int maxRequestSize = 32 << 20;
    private int maxResponseSize = 32 << 20;
    private int maxStreamBufferedBytes = 4 << 20;
    private long maxBufferedBytes = 128L << 20;

    private Builder() {}

    /**
     * Bytes of one frame's payload.
     *
     * @param bytes 1 to {@link #MAX_FRAME_PAYLOAD}; default 1 MiB
     * @return this builder
     */
    public Builder maxFramePayload(int bytes) {
      maxFramePayload = bytes;
      return this;
    }

    /**
     * Inbound streams open at once.
     *
     * @param streams 1 or more; default 16,384
     * @return this builder
     */
    public Builder maxStreams(int streams) {
      maxStreams = streams;
      return this;
    }

    /**
     * Frames that a frame may be ahead of its stream.
     *
     * @param frames 0 or more; default 64
     * @return this builder
     */
    public Builder maxSequenceGap(int frames) {
      maxSequenceGap = frames;
      return this;
    }

    /**
     * Calls of the peer at once.
     *
     * @param calls 1 or more; default 16,384
     * @return this builder
     */
    public Builder maxInboundCalls(int calls) {
      maxInboundCalls = calls;
      return this;
    }

    /**
     * Calls to the peer at once.
     *
     * @param calls 1 or more; default 16,384
     * @return this builder
     */
    public Builder maxPendingCalls(int calls) {
      maxPendingCalls = calls;
      return this;
    }

    /**
     * Bytes of one unary request.
     *
     * @param bytes 0 or more; default 32 MiB
     * @return this builder
     */
    public Builder maxRequestSize(int bytes) {
      maxRequestSize = bytes;
      return this;
    }

    /**
     * Bytes of one unary answer.
     *
     * @param bytes 0 or more; default 32 MiB
     * @return this builder
     */
    public Builder maxResponseSize(int bytes) {
      maxResponseSize = bytes;
      return this;
    }

    /**
     * Bytes of one inbound stream of chunks that its reader has not taken.
     *
     * @param bytes 1 or more; default 4 MiB
     * @return this builder
     */
    public Builder maxStreamBufferedBytes(int bytes) {
      maxStreamBufferedBytes = bytes;
      return this;
    }

    /**
     * Bytes that the connection holds for the peer.
     *
     * @param bytes 1 or more; default 128 MiB
     * @return this builder
     */
    public Builder maxBufferedBytes(long bytes) {
      maxBufferedBytes = bytes;
      return this;
    }

    /**
     * Makes the limits.
     *
     * @return the limits
     * @throws IllegalArgumentException where a value is out of its range
     */
    public CoreLimits build() {
      return new CoreLimits(
          maxFramePayload,
          maxStreams,
          maxSequenceGap,
          maxInboundCalls,
          maxPendingCalls,
          maxRequestSize,
          maxResponseSize,
          maxStreamBufferedBytes,
          maxBufferedBytes);
    }
  }
}
