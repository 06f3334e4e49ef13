package io.muxio.netty.client;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The server has answered the WebSocket handshake with something else than an upgrade. */
public final class HandshakeRefusedException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /** Of the HTTP answer. */
  private final int status;

  /** Null where the answer had none in seconds. */
  private final @Nullable Duration retryAfter;

  HandshakeRefusedException(String message, int status, @Nullable Duration retryAfter) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** The same with the stack of the thread that waited for it. */
  HandshakeRefusedException thrownHere() {
    HandshakeRefusedException here =
        new HandshakeRefusedException(String.valueOf(getMessage()), status, retryAfter);
    here.initCause(this);
    return here;
  }

  /**
   * What the server answered.
   *
   * @return the status code, such as 401 or 503
   */
  public int status() {
    return status;
  }

  /**
   * When the server wants the client to come again.
   *
   * @return the answer's {@code Retry-After}, as the server says, so of any length; null without
   *     one in seconds
   */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
