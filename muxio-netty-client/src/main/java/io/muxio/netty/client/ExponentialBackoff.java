package io.muxio.netty.client;

import java.time.Duration;
import java.util.function.LongUnaryOperator;

/**
 * Waits a random time up to a bound that doubles with every attempt, after what the server has
 * asked for. Immutable.
 */
final class ExponentialBackoff implements ReconnectPolicy {
  private final long firstNanos;
  private final long capNanos;
  private final LongUnaryOperator random;

  /**
   * Makes the policy.
   *
   * @param first the bound for the first attempt, more than zero
   * @param cap the largest bound, not less than the first
   * @param random given a bound, a number from zero to less than it
   */
  ExponentialBackoff(Duration first, Duration cap, LongUnaryOperator random) {
    if (first.isZero() || first.isNegative()) {
      throw new IllegalArgumentException("first: " + first + " (expected: more than zero)");
    }
    if (cap.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "cap: " + cap + " (expected: not less than " + first + ")");
    }
    this.firstNanos = first.toNanos();
    this.capNanos = cap.toNanos();
    this.random = random;
  }

  @Override
  public Duration delay(int attempt, Throwable cause) {
    long bound = firstNanos;
    for (int i = 1; i < attempt && bound < capNanos; i++) {
      bound = bound > capNanos / 2 ? capNanos : bound * 2;
    }
    return askedFor(cause).plusNanos(random.applyAsLong(bound + 1));
  }

  /** By the server, which is not to silence a client for longer than it would be by itself. */
  private Duration askedFor(Throwable cause) {
    Duration asked =
        cause instanceof HandshakeRefusedException refused ? refused.retryAfter() : null;
    if (asked == null) {
      return Duration.ZERO;
    }
    return asked.compareTo(Duration.ofNanos(capNanos)) > 0 ? Duration.ofNanos(capNanos) : asked;
  }
}
