package io.muxio.netty;

import java.nio.charset.StandardCharsets;

/** The text of a WebSocket close, which has room for little. */
final class CloseReason {
  private static final int MAX_BYTES = 123;

  private CloseReason() {}

  /** Cuts a text so that its UTF-8 fits. */
  static String fit(String reason) {
    int end = reason.length();
    while (reason.substring(0, end).getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      end = reason.offsetByCodePoints(end, -1);
    }
    return reason.substring(0, end);
  }
}
