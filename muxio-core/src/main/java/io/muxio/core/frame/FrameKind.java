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
  PING(5),
  /** Of the extension: what the sender allows; its first frame. */
  SETTINGS(16),
  /** Of the extension: what is known of a call or an answer beside its bytes. */
  HEADERS(17),
  /** Of the extension: how much more of a stream may be sent. */
  CREDIT(18),
  /** Of the extension: nobody waits for the answer of a call any more. */
  ABANDON(19),
  /** Of the extension: no more calls are taken. */
  GOAWAY(20);

  /** The first kind of the extension. */
  private static final int FIRST_EXTENSION = 16;

  /** The last kind that may be defined by a later version of the extension. */
  private static final int LAST_EXTENSION = 127;

  private static final FrameKind[] BY_CODE = new FrameKind[GOAWAY.code + 1];

  static {
    for (FrameKind kind : values()) {
      BY_CODE[kind.code] = kind;
    }
  }

  private final int code;

  FrameKind(int code) {
    this.code = code;
  }

  /**
   * The byte on the wire.
   *
   * @return 0 to 5; of the extension 16 to 20
   */
  public int code() {
    return code;
  }

  /**
   * Whether the kind has a meaning only where the extension was negotiated.
   *
   * @return true from {@link #SETTINGS} on
   */
  public boolean isExtension() {
    return code >= FIRST_EXTENSION;
  }

  /**
   * The kind that a wire byte stands for.
   *
   * @param code the byte as an unsigned number
   * @return the kind, those of the extension included, or null where no kind has that code
   */
  public static @Nullable FrameKind of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  /** Whether a byte that is no kind may become one, so that its frames are to be ignored. */
  static boolean isReserved(int code) {
    return code >= FIRST_EXTENSION && code <= LAST_EXTENSION;
  }
}
