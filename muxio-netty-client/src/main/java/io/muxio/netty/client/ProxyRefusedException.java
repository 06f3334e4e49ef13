package io.muxio.netty.client;

import java.io.IOException;
import java.io.Serial;

/** The HTTP proxy has not opened a tunnel to the server. */
public final class ProxyRefusedException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /** Of the HTTP answer. */
  private final int status;

  ProxyRefusedException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** The same with the stack of the thread that waited for it. */
  ProxyRefusedException thrownHere() {
    ProxyRefusedException here = new ProxyRefusedException(String.valueOf(getMessage()), status);
    here.initCause(this);
    return here;
  }

  /**
   * What the proxy answered.
   *
   * @return the status code, such as 407 where it wants another user or password, or 502 where it
   *     cannot reach the server
   */
  public int status() {
    return status;
  }
}
