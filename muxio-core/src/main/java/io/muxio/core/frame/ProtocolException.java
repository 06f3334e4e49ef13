package io.muxio.core.frame;

import java.io.Serial;

/**
 * The peer broke the protocol or passed a limit. The scope says what dies of it: one stream, or the
 * connection. It carries no stack trace: the peer decides how often it is made.
 */
public final class ProtocolException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** What an error ends. */
  public enum Scope {
    /** The stream; the connection goes on. */
    STREAM,
    /** The connection: where the next frame begins, or what it means, is no longer known. */
    CONNECTION
  }

  /** What was wrong. */
  public enum Reason {
    /** The first message is not made of whole frames of either generation. */
    UNKNOWN_GENERATION,
    /** A frame kind that is not defined. */
    UNKNOWN_FRAME_KIND,
    /** A frame's payload is longer than {@link CoreLimits#maxFramePayload()}. */
    FRAME_TOO_LARGE,
    /** More inbound streams at once than {@link CoreLimits#maxStreams()}. */
    TOO_MANY_STREAMS,
    /** A frame is further ahead of its stream than {@link CoreLimits#maxSequenceGap()}. */
    SEQUENCE_GAP,
    /** A sequence number that its stream has already had. */
    SEQUENCE_REPEATED,
    /** A frame kind where it has no place, such as Data at sequence 0 or Open after it. */
    FRAME_OUT_OF_PLACE,
    /** The stream ended before its RPC header was complete. */
    HEADER_INCOMPLETE,
    /** An RPC message type that is not defined or not in use. */
    UNKNOWN_MESSAGE_TYPE,
    /** An answer to a request that was not made, or a second answer to one. */
    UNEXPECTED_RESPONSE,
    /** A call whose request id another call of the peer is using. */
    REQUEST_ID_IN_USE,
    /** A call that came when this end was about to close the connection. */
    CLOSING,
    /** More calls of the peer at once than allowed. */
    TOO_MANY_CALLS,
    /** More calls given up before they were answered than allowed. */
    TOO_MANY_ABANDONED,
    /** The metadata of a call or an answer is longer than the one who gets it allows. */
    METADATA_TOO_LARGE,
    /** A request or an answer is longer than allowed. */
    PAYLOAD_TOO_LARGE,
    /** A stream's reader is so slow that more bytes wait for it than allowed. */
    READER_TOO_SLOW,
    /** The connection holds as many bytes for its peer as it may. */
    BUFFER_FULL
  }

  /** What the error ends. */
  private final Scope scope;

  /** What was wrong. */
  private final Reason reason;

  private ProtocolException(Scope scope, Reason reason, String message) {
    super(message, null, false, false);
    this.scope = scope;
    this.reason = reason;
  }

  /**
   * An error that ends one stream.
   *
   * @param reason what was wrong
   * @param message the value that was met and what was expected
   * @return the exception
   */
  public static ProtocolException stream(Reason reason, String message) {
    return new ProtocolException(Scope.STREAM, reason, message);
  }

  /**
   * An error that ends the connection.
   *
   * @param reason what was wrong
   * @param message the value that was met and what was expected
   * @return the exception
   */
  public static ProtocolException connection(Reason reason, String message) {
    return new ProtocolException(Scope.CONNECTION, reason, message);
  }

  /** The same where the error cannot be confined to a stream. */
  ProtocolException ofConnection() {
    return new ProtocolException(Scope.CONNECTION, reason, String.valueOf(getMessage()));
  }

  /**
   * What the error ends.
   *
   * @return the scope
   */
  public Scope scope() {
    return scope;
  }

  /**
   * What was wrong.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
