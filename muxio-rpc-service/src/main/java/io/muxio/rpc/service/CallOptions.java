package io.muxio.rpc.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a call is made. Immutable.
 *
 * <pre>{@code
 * CallOptions options = CallOptions.deadline(Duration.ofSeconds(2)).idempotent();
 * }</pre>
 *
 * @param deadline how long to wait for the answer, from the moment of the call, a year at most;
 *     null to wait as long as it takes: on a connection until that ends
 * @param failsFast for clients that reconnect: whether the call fails at once where there is no
 *     connection. By default it waits for one, at most until the deadline
 * @param isIdempotent for clients that reconnect: whether a unary call may reach the peer more than
 *     once, so that it is sent again where its connection ends before its answer has come
 * @param maxResponseSize bytes of the answer, 0 or more, of a unary call or of a service's method
 *     that answers one value; a longer one fails the call with {@link RpcStatus#REJECTED}, and
 *     nothing more of it is kept. It bounds further what the connection's {@code maxResponseSize}
 *     lets in
 * @param scope the call that this one is made for, see {@link CallScope}; null for the one that the
 *     thread serves which calls, if it serves one
 */
public record CallOptions(
    @Nullable Duration deadline,
    boolean failsFast,
    boolean isIdempotent,
    int maxResponseSize,
    @Nullable CallScope scope) {
  /** The longest deadline that can be given: a year. */
  public static final Duration LONGEST_DEADLINE = Duration.ofDays(365);

  /** Waits for the answer as long as it takes. */
  public static final CallOptions DEFAULT =
      new CallOptions(null, false, false, Integer.MAX_VALUE, null);

  /**
   * Checks the deadline and the size.
   *
   * @param deadline see the record
   * @param failsFast see the record
   * @param isIdempotent see the record
   * @param maxResponseSize see the record
   * @param scope see the record
   * @throws IllegalArgumentException where the deadline is zero, negative, or more than a year, or
   *     the size is negative
   */
  public CallOptions {
    if (deadline != null
        && (deadline.isZero()
            || deadline.isNegative()
            || deadline.compareTo(LONGEST_DEADLINE) > 0)) {
      throw new IllegalArgumentException(
          "deadline: "
              + deadline
              + " (expected: more than zero, at most "
              + LONGEST_DEADLINE
              + ")");
    }
    if (maxResponseSize < 0) {
      throw new IllegalArgumentException(
          "maxResponseSize: " + maxResponseSize + " (expected: 0 or more)");
    }
  }

  /**
   * Options with a deadline.
   *
   * @param deadline how long to wait for the answer, more than zero
   * @return the options
   */
  public static CallOptions deadline(Duration deadline) {
    return DEFAULT.withDeadline(deadline);
  }

  /**
   * The same with another deadline.
   *
   * @param deadline how long to wait for the answer, more than zero; null for none
   * @return the options
   */
  public CallOptions withDeadline(@Nullable Duration deadline) {
    return new CallOptions(deadline, failsFast, isIdempotent, maxResponseSize, scope);
  }

  /**
   * The same, and the call fails at once where there is no connection.
   *
   * @return the options
   */
  public CallOptions failFast() {
    return new CallOptions(deadline, true, isIdempotent, maxResponseSize, scope);
  }

  /**
   * The same, and the call may reach the peer more than once.
   *
   * @return the options
   */
  public CallOptions idempotent() {
    return new CallOptions(deadline, failsFast, true, maxResponseSize, scope);
  }

  /**
   * The same with another bound for the answer.
   *
   * @param bytes 0 or more; the connection's own bound holds too
   * @return the options
   */
  public CallOptions withMaxResponseSize(int bytes) {
    return new CallOptions(deadline, failsFast, isIdempotent, bytes, scope);
  }

  /**
   * The same for a call that is made for another, from whichever thread: when that is over, so is
   * this one.
   *
   * @param served the call that is served; null for the one that the thread serves which calls
   * @return the options
   */
  public CallOptions within(@Nullable CallScope served) {
    return new CallOptions(deadline, failsFast, isIdempotent, maxResponseSize, served);
  }
}
