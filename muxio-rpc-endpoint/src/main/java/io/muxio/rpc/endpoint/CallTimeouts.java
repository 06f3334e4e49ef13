package io.muxio.rpc.endpoint;

import java.time.Duration;

/**
 * How long a unary call may take. Streaming calls may last as long as they like.
 *
 * @param request from the call's header until its request has come whole; zero for no limit
 * @param call from then until its answer, the wait for a thread included; zero for no limit
 */
public record CallTimeouts(Duration request, Duration call) {
  /** No limits. */
  public static final CallTimeouts NONE = new CallTimeouts(Duration.ZERO, Duration.ZERO);

  /**
   * Checks the ranges.
   *
   * @param request see the record
   * @param call see the record
   * @throws IllegalArgumentException where one is negative
   */
  public CallTimeouts {
    if (request.isNegative() || call.isNegative()) {
      throw new IllegalArgumentException(
          "timeouts: " + request + ", " + call + " (expected: zero or more)");
    }
  }
}
