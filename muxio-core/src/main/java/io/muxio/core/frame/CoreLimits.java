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
 *     taken, the chunks' own size in memory included; the stream that passes it fails
 * @param maxBufferedBytes bytes that the connection holds for the peer: unfinished frames, frames
 *     ahead of their stream, requests that have not been answered, answers that have not come
 *     whole, chunks that have not been taken
 * @param streamWindow bytes of one inbound stream of chunks, counted in the same way, that the peer
 *     may send ahead of its reader; 1 to {@link #maxStreamBufferedBytes()}. A peer that speaks the
 *     extension waits for credit; with any other the connection is congested from there on, so that
 *     nothing should be read until the reader has caught up
 * @param connectionWindow the same for all streams of chunks together; 1 to {@link
 *     #maxBufferedBytes()}. What a stream has within its reserve, see {@link #STREAM_RESERVE}, does
 *     not count for a peer that speaks the extension, so that a stream whose reader is slow never
 *     stops another
 * @param maxAbandonedCalls calls that the peer may give up in a row before they were answered and
 *     within a tenth of a second of their begin; one more ends the connection. Each answered call
 *     makes up for one that was given up, and so does every hundredth of a second
 * @param maxMetadataSize bytes of the metadata of one call or one answer of a peer that speaks the
 *     extension, which is told so; 0 to 65,535. A call that has more is refused, one whose answer
 *     has more fails
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
    long maxBufferedBytes,
    int streamWindow,
    long connectionWindow,
    int maxAbandonedCalls,
    int maxMetadataSize) {

  /**
   * What each stream of chunks may have on its way, whatever the others have: three chunks of the
   * largest size and what they are charged beside it.
   */
  public static final int STREAM_RESERVE = 3 * ((1 << 16) + 128);

  /** What {@link #maxMetadataSize()} may be at most: what its field on the wire holds. */
  public static final int MAX_METADATA_SIZE = 0xffff;

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
   * @param streamWindow see the record
   * @param connectionWindow see the record
   * @param maxAbandonedCalls see the record
   * @param maxMetadataSize see the record
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
    atLeast(1, streamWindow, "streamWindow");
    atMost(maxStreamBufferedBytes, "maxStreamBufferedBytes", streamWindow, "streamWindow");
    atLeast(1, connectionWindow, "connectionWindow");
    atMost(maxBufferedBytes, "maxBufferedBytes", connectionWindow, "connectionWindow");
    atLeast(1, maxAbandonedCalls, "maxAbandonedCalls");
    atLeast(0, maxMetadataSize, "maxMetadataSize");
    if (maxMetadataSize > MAX_METADATA_SIZE) {
      throw new IllegalArgumentException(
          "maxMetadataSize: " + maxMetadataSize + " (expected: at most " + MAX_METADATA_SIZE + ")");
    }
  }

  private static void atMost(long most, String mostName, long actual, String name) {
    if (actual > most) {
      throw new IllegalArgumentException(
          name + ": " + actual + " (expected: at most " + mostName + ", " + most + ")");
    }
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
    /** The share of a bound that is its window, where no other was set. */
    private static final int WINDOW_SHARE = 4;

    private int maxFramePayload = 1 << 20;
    private int maxStreams = 1 << 14;
    private int maxSequenceGap = 64;
    private int maxInboundCalls = 1 << 14;
    private int maxPendingCalls = 1 << 14;
    private int maxRequestSize = 32 << 20;
    private int maxResponseSize = 32 << 20;
    private int maxStreamBufferedBytes = 4 << 20;
    private long maxBufferedBytes = 128L << 20;
    private int streamWindow;
    private long connectionWindow;
    private int maxAbandonedCalls = 1 << 10;
    private int maxMetadataSize = 1 << 13;

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
     * Bytes of one inbound stream of chunks that the peer may send ahead of its reader.
     *
     * @param bytes 1 to {@link #maxStreamBufferedBytes}; default a quarter of that
     * @return this builder
     * @throws IllegalArgumentException where it is less than 1
     */
    public Builder streamWindow(int bytes) {
      atLeast(1, bytes, "streamWindow");
      streamWindow = bytes;
      return this;
    }

    /**
     * Bytes of all inbound streams of chunks that the peer may send ahead of their readers.
     *
     * @param bytes 1 to {@link #maxBufferedBytes}; default a quarter of that
     * @return this builder
     * @throws IllegalArgumentException where it is less than 1
     */
    public Builder connectionWindow(long bytes) {
      atLeast(1, bytes, "connectionWindow");
      connectionWindow = bytes;
      return this;
    }

    /**
     * Calls that the peer may give up in a row at once, before they were answered.
     *
     * @param calls 1 or more; default 1,024
     * @return this builder
     */
    public Builder maxAbandonedCalls(int calls) {
      maxAbandonedCalls = calls;
      return this;
    }

    /**
     * Bytes of the metadata of one call or one answer of the peer.
     *
     * @param bytes 0 to {@link #MAX_METADATA_SIZE}; default 8,192
     * @return this builder
     */
    public Builder maxMetadataSize(int bytes) {
      maxMetadataSize = bytes;
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
          maxBufferedBytes,
          streamWindow == 0 ? Math.max(1, maxStreamBufferedBytes / WINDOW_SHARE) : streamWindow,
          connectionWindow == 0 ? Math.max(1, maxBufferedBytes / WINDOW_SHARE) : connectionWindow,
          maxAbandonedCalls,
          maxMetadataSize);
    }
  }
}
