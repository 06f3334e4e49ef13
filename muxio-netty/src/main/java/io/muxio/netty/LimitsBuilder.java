package io.muxio.netty;

import io.muxio.core.frame.CoreLimits;
import java.time.Duration;
import java.util.Objects;

/**
 * Sets the bounds of each connection, those of the core included; servers and clients add their
 * own. What is not set keeps its default. Not thread-safe.
 *
 * @param <B> the builder that extends this one
 */
public abstract class LimitsBuilder<B extends LimitsBuilder<B>> {
  private final CoreLimits.Builder core = CoreLimits.builder();
  private int maxMessageSize = 2 << 20;
  private long maxOutboundBytes = 128L << 20;
  private Duration heartbeatInterval = Duration.ofSeconds(5);
  private Duration heartbeatTimeout = Duration.ofSeconds(15);
  private Duration writeTimeout = Duration.ofSeconds(60);
  private Duration readerTimeout = Duration.ofSeconds(5);
  private Duration idleTimeout = Duration.ZERO;
  private Duration requestTimeout = Duration.ofSeconds(60);
  private Duration callTimeout = Duration.ZERO;
  private Duration closeTimeout = Duration.ofSeconds(2);

  /** For the builders of servers and clients. */
  protected LimitsBuilder() {}

  /**
   * This builder, in its own type.
   *
   * @return this
   */
  protected abstract B self();

  /**
   * What was set, as far as it is about connections.
   *
   * @return the limits
   * @throws IllegalArgumentException where a value is out of its range
   */
  protected ConnectionLimits connection() {
    return new ConnectionLimits(
        core.build(),
        maxMessageSize,
        maxOutboundBytes,
        heartbeatInterval,
        heartbeatTimeout,
        writeTimeout,
        readerTimeout,
        idleTimeout,
        requestTimeout,
        callTimeout,
        closeTimeout);
  }

  /**
   * The longest payload of a frame; a longer one closes the connection with 1009.
   *
   * @param bytes 1 to {@link CoreLimits#MAX_FRAME_PAYLOAD}; default 1 MiB. Published senders cut at
   *     65,536
   * @return this builder
   */
  public B maxFramePayload(int bytes) {
    core.maxFramePayload(bytes);
    return self();
  }

  /**
   * Inbound streams open at once, those included that failed and have not ended; one more closes
   * the connection with 1008.
   *
   * @param streams 1 or more; default 16,384
   * @return this builder
   */
  public B maxStreams(int streams) {
    core.maxStreams(streams);
    return self();
  }

  /**
   * How many frames a frame may be ahead of its stream; further, the stream fails.
   *
   * @param frames 0 or more; default 64
   * @return this builder
   */
  public B maxSequenceGap(int frames) {
    core.maxSequenceGap(frames);
    return self();
  }

  /**
   * Calls of the peer that have not been answered; one more is answered with a system error.
   *
   * @param calls 1 or more; default 16,384
   * @return this builder
   */
  public B maxInboundCalls(int calls) {
    core.maxInboundCalls(calls);
    return self();
  }

  /**
   * Calls to the peer that wait for their answer; one more fails at once.
   *
   * @param calls 1 or more; default 16,384
   * @return this builder
   */
  public B maxPendingCalls(int calls) {
    core.maxPendingCalls(calls);
    return self();
  }

  /**
   * The longest unary request; a longer one is answered with a system error.
   *
   * @param bytes 0 or more; default 32 MiB
   * @return this builder
   */
  public B maxRequestSize(int bytes) {
    core.maxRequestSize(bytes);
    return self();
  }

  /**
   * The longest unary answer; the call that gets a longer one fails.
   *
   * @param bytes 0 or more; default 32 MiB
   * @return this builder
   */
  public B maxResponseSize(int bytes) {
    core.maxResponseSize(bytes);
    return self();
  }

  /**
   * Bytes of one stream of chunks that its reader has not taken; the stream that passes it fails, a
   * call of the peer with a system error that says so. A peer is held up long before, see {@link
   * #streamWindow}.
   *
   * @param bytes 1 or more; default 4 MiB
   * @return this builder
   */
  public B maxStreamBufferedBytes(int bytes) {
    core.maxStreamBufferedBytes(bytes);
    return self();
  }

  /**
   * Bytes that the connection holds for its peer: unfinished frames, frames ahead of their stream,
   * requests that have not been answered, answers that have not come whole, chunks that have not
   * been taken.
   *
   * @param bytes 1 or more; default 128 MiB
   * @return this builder
   */
  public B maxBufferedBytes(long bytes) {
    core.maxBufferedBytes(bytes);
    return self();
  }

  /**
   * Bytes of one stream of chunks that the peer may send ahead of its reader. A peer that speaks
   * the extension waits there for the reader, with this stream alone; from any other nothing at all
   * is read until the reader has caught up, see {@link #readerTimeout}. What a stream transfers in
   * a second is at most this by the time that the network needs for a round trip.
   *
   * @param bytes 1 to {@link #maxStreamBufferedBytes}; default a quarter of that
   * @return this builder
   */
  public B streamWindow(int bytes) {
    core.streamWindow(bytes);
    return self();
  }

  /**
   * The same for all streams of chunks of the connection together. Each stream has some 192 KiB of
   * its own, which do not count where the peer speaks the extension, so that slow readers of some
   * streams do not stop others.
   *
   * @param bytes 1 to {@link #maxBufferedBytes}; default a quarter of that
   * @return this builder
   */
  public B connectionWindow(long bytes) {
    core.connectionWindow(bytes);
    return self();
  }

  /**
   * Calls that the peer may give up in a row before they were answered and within a tenth of a
   * second of their begin; one more closes the connection with 1008. An answered call makes up for
   * one that was given up, and so does every hundredth of a second: to open calls only to give them
   * up costs a peer next to nothing.
   *
   * @param calls 1 or more; default 1,024
   * @return this builder
   */
  public B maxAbandonedCalls(int calls) {
    core.maxAbandonedCalls(calls);
    return self();
  }

  /**
   * Bytes of the metadata of one call or one answer of the peer, which is told so where it speaks
   * the extension muxio.x1. A call that has more is refused, one whose answer has more fails.
   *
   * @param bytes 0 to 65,535; default 8,192. No more than {@link #maxFramePayload} less 25 is taken
   * @return this builder
   */
  public B maxMetadataSize(int bytes) {
    core.maxMetadataSize(bytes);
    return self();
  }

  /**
   * The longest WebSocket frame that is read; a longer one closes the connection with 1009.
   *
   * @param bytes room for a frame of {@link #maxFramePayload} and its header of 21 bytes, or more;
   *     default 2 MiB
   * @return this builder
   */
  public B maxMessageSize(int bytes) {
    maxMessageSize = bytes;
    return self();
  }

  /**
   * How many bytes may wait to be sent to a peer, those of calls included that wait for its first
   * message. From 1 MiB on a server does not read it either; over this bound its connection is
   * closed. Unary answers are written whole, so the bound has to hold all that leave at the same
   * time, also for a peer that reads well; long data goes as a stream.
   *
   * @param bytes 1 MiB or more; default 128 MiB
   * @return this builder
   */
  public B maxOutboundBytes(long bytes) {
    maxOutboundBytes = bytes;
    return self();
  }

  /**
   * How often the peer is pinged, so that a healthy one is never silent.
   *
   * @param interval more than zero; default 5 s
   * @return this builder
   */
  public B heartbeatInterval(Duration interval) {
    heartbeatInterval = Objects.requireNonNull(interval, "interval");
    return self();
  }

  /**
   * How long nothing at all may come from the peer before its socket is closed. Time in which this
   * end does not read does not count.
   *
   * @param timeout more than the interval; default 15 s
   * @return this builder
   */
  public B heartbeatTimeout(Duration timeout) {
    heartbeatTimeout = Objects.requireNonNull(timeout, "timeout");
    return self();
  }

  /**
   * How long a peer for which more than 1 MiB waits may take nothing of it before its socket is
   * closed. Slow is not gone: any progress counts, however little.
   *
   * @param timeout more than zero; default 60 s
   * @return this builder
   */
  public B writeTimeout(Duration timeout) {
    writeTimeout = Objects.requireNonNull(timeout, "timeout");
    return self();
  }

  /**
   * How long the reader of a stream may take nothing while the peer is not read for its sake. Then
   * it holds up nobody any more: reading goes on, up to {@link #maxStreamBufferedBytes}. So a
   * reader that waits for another answer of the same peer gets it, and one that is stuck harms no
   * other call. One that takes something more often gets all of its stream.
   *
   * @param timeout more than zero; default 5 s
   * @return this builder
   */
  public B readerTimeout(Duration timeout) {
    readerTimeout = Objects.requireNonNull(timeout, "timeout");
    return self();
  }

  /**
   * How long a connection may carry no binary message and no running call, in either direction,
   * before it is closed with 1001. Pings do not count.
   *
   * @param timeout default {@link Duration#ZERO}: for ever, because a client that waits to be
   *     called is silent for hours
   * @return this builder
   */
  public B idleTimeout(Duration timeout) {
    idleTimeout = Objects.requireNonNull(timeout, "timeout");
    return self();
  }

  /**
   * How long a unary request may take to arrive whole; later it is answered with a system error.
   *
   * @param timeout more than zero; default 60 s
   * @return this builder
   */
  public B requestTimeout(Duration timeout) {
    requestTimeout = Objects.requireNonNull(timeout, "timeout");
    return self();
  }

  /**
   * How long a unary call of the peer may take from when its request has come whole to its answer,
   * the wait for a thread included. Later it is answered with a system error and its handler is
   * told by {@code CallContext.onCancel}.
   *
   * @param timeout default {@link Duration#ZERO}: for ever
   * @return this builder
   */
  public B callTimeout(Duration timeout) {
    callTimeout = Objects.requireNonNull(timeout, "timeout");
    return self();
  }

  /**
   * How long a peer may take to answer a WebSocket close before its socket is closed.
   *
   * @param timeout more than zero; default 2 s
   * @return this builder
   */
  public B closeTimeout(Duration timeout) {
    closeTimeout = Objects.requireNonNull(timeout, "timeout");
    return self();
  }
}
