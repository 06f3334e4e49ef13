package io.muxio.netty;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import java.time.Duration;
import java.util.Objects;

/**
 * Every bound of one connection, the same for servers and clients: what its peer can make grow, and
 * how long it may take. Where a time is off it is {@link Duration#ZERO}. Made by a {@link
 * LimitsBuilder}, which says what each is for.
 *
 * @param core bounds of the protocol's state
 * @param maxMessageSize bytes of one WebSocket frame that is read; room for a frame of {@link
 *     CoreLimits#maxFramePayload()} and its header, or more
 * @param maxOutboundBytes bytes that may wait for a peer that does not read; 1 MiB or more
 * @param heartbeatInterval between pings; more than zero
 * @param heartbeatTimeout how long nothing may come from a peer that is read; more than the
 *     interval
 * @param writeTimeout how long a peer may take nothing of what waits for it; more than zero
 * @param readerTimeout how long the reader of a stream may take nothing while the peer is not read
 *     for its sake; more than zero
 * @param idleTimeout how long a connection may carry neither message nor call; zero for ever
 * @param requestTimeout how long a unary request may take to arrive whole; more than zero
 * @param callTimeout how long a unary call of the peer may take from then to its answer; zero for
 *     ever
 * @param closeTimeout how long to wait for the peer's answer to a WebSocket close; more than zero
 */
public record ConnectionLimits(
    CoreLimits core,
    int maxMessageSize,
    long maxOutboundBytes,
    Duration heartbeatInterval,
    Duration heartbeatTimeout,
    Duration writeTimeout,
    Duration readerTimeout,
    Duration idleTimeout,
    Duration requestTimeout,
    Duration callTimeout,
    Duration closeTimeout) {

  /** The longest time that can be set: a year. */
  public static final Duration LONGEST = Duration.ofDays(365);

  /** From so many bytes on that wait for it a peer is not read any more. */
  static final int WRITE_HIGH_WATER = 1 << 20;

  /** It is read again when so many are left. */
  static final int WRITE_LOW_WATER = 256 << 10;

  /**
   * Checks the ranges.
   *
   * @param core see the record
   * @param maxMessageSize see the record
   * @param maxOutboundBytes see the record
   * @param heartbeatInterval see the record
   * @param heartbeatTimeout see the record
   * @param writeTimeout see the record
   * @param readerTimeout see the record
   * @param idleTimeout see the record
   * @param requestTimeout see the record
   * @param callTimeout see the record
   * @param closeTimeout see the record
   * @throws IllegalArgumentException where a value is out of its range
   */
  public ConnectionLimits {
    Objects.requireNonNull(core, "core");
    long longest = (long) core.maxFramePayload() + FrameFormat.GENERATION_21.headerSize();
    if (maxMessageSize < longest) {
      throw new IllegalArgumentException(
          "maxMessageSize: "
              + maxMessageSize
              + " (expected: "
              + longest
              + " or more, so that a frame of maxFramePayload fits into a message)");
    }
    if (maxOutboundBytes < WRITE_HIGH_WATER) {
      throw new IllegalArgumentException(
          "maxOutboundBytes: "
              + maxOutboundBytes
              + " (expected: "
              + WRITE_HIGH_WATER
              + " or more)");
    }
    positive(heartbeatInterval, "heartbeatInterval");
    positive(heartbeatTimeout, "heartbeatTimeout");
    if (heartbeatTimeout.compareTo(heartbeatInterval) <= 0) {
      throw new IllegalArgumentException(
          "heartbeatTimeout: "
              + heartbeatTimeout
              + " (expected: more than heartbeatInterval, "
              + heartbeatInterval
              + ")");
    }
    positive(writeTimeout, "writeTimeout");
    positive(readerTimeout, "readerTimeout");
    zeroOrMore(idleTimeout, "idleTimeout");
    positive(requestTimeout, "requestTimeout");
    zeroOrMore(callTimeout, "callTimeout");
    positive(closeTimeout, "closeTimeout");
  }

  /**
   * Checks a time that cannot be off.
   *
   * @param actual the time
   * @param name of the setting, for the message
   * @throws IllegalArgumentException where it is zero, negative, or more than {@link #LONGEST}
   */
  public static void positive(Duration actual, String name) {
    if (actual.isZero() || actual.isNegative() || actual.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + ": " + actual + " (expected: more than zero, at most " + LONGEST + ")");
    }
  }

  private static void zeroOrMore(Duration actual, String name) {
    if (actual.isNegative() || actual.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + ": " + actual + " (expected: zero for none, or more, at most " + LONGEST + ")");
    }
  }
}
