package io.muxio.rpc.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a call is made. Immutable.
 *
 * @param deadline how long to wait for the answer, from the moment of the call, a year at most;
 *     null to wait until the connection ends
 */
public record CallOptions(@Nullable Duration deadline) {
  private static final Duration LONGEST = Duration.ofDays(365);

  /** Waits for the answer as long as the connection lasts. */
  public static final CallOptions DEFAULT = new CallOptions(null);

  /**
   * Checks the deadline.
   *
   * @param deadline see the record
   * @throws IllegalArgumentException where it is zero, negative, or more than a year
   */
  public CallOptions {
    if (deadline != null
        && (deadline.isZero() || deadline.isNegative() || deadline.compareTo(LONGEST) > 0)) {
      throw new IllegalArgumentException(
          "deadline: " + deadline + " (expected: more than zero, at most " + LONGEST + ")");
    }
  }

  /**
   * Options with a deadline.
   *
   * @param deadline how long to wait for the answer, more than zero
   * @return the options
   */
  public static CallOptions deadline(Duration deadline) {
    return new CallOptions(deadline);
  }
}
