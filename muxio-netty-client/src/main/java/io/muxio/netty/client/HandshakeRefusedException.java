package io.muxio.netty.client;

import java.io.IOException;
import java.io.Serial;

/** The server has answered the WebSocket handshake with something else than an upgrade. */
public final class HandshakeRefusedException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /** Of the HTTP answer. */
  private final int status;

  HandshakeRefusedException(int status, String answer) {
    super("the server answered " + answer + " (expected: 101 Switching Protocols)");
    this.status = status;
  }

  /**
   * What the server answered.
   *
   * @return the status code, such as 401 or 503
   */
  public int status() {
    return status;
  }
}
