package io.muxio.core.frame;

import org.jspecify.annotations.Nullable;

/** What a frame does to its stream, with the byte that stands for it on the wire. */
public enum FrameKind {
  /** First frame of a stream, sequence 0; carries payload. */
  OPEN(0),
  /** Carries payload. */
  DATA(1),
  /** Last frame of a stream. Payload in it is read, never sent. */
  END(2),
  /** The stream is void; its payload is ignored. */
  CANCEL(3),
  /** Answers {@link #PING} with the same payload. */
  PONG(4),
  /** Asks for a {@link #PONG}; belongs to no stream. */
  PING(5);

  private static final FrameKind[] KINDS = values();

  private final int code;

  FrameKind(int code) {
    this.code = code;
  }

  /**
   * The byte on the wire.
   *
   * @return 0 to 5
   */
  public int code() {
    return code;
  }

  /**
   * The kind that a wire byte stands for.
   *
   * @param code the byte as an unsigned number
   * @return the kind, or null where no kind has that code
   */
  public static @Nullable FrameKind of(int code) {
    return code >= 0 && code < KINDS.length ? KINDS[code] : null;
  }
}
