package io.muxio.rpc.service;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
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
 * @param metadata travels beside the request. Where the peer takes less, the call fails with {@link
 *     RpcStatus#REJECTED} and is not sent
 * @param onAnswerMetadata gets the metadata of the answer, or of the failure that the callee has
 *     answered with, unless it is empty; see {@link #onAnswerMetadata(Consumer)}. Null where nobody
 *     asks
 */
public record CallOptions(
    @Nullable Duration deadline,
    boolean failsFast,
    boolean isIdempotent,
    int maxResponseSize,
    @Nullable CallScope scope,
    Metadata metadata,
    @Nullable Consumer<Metadata> onAnswerMetadata) {
  /** The longest deadline that can be given: a year. */
  public static final Duration LONGEST_DEADLINE = Duration.ofDays(365);

  /** Waits for the answer as long as it takes. */
  public static final CallOptions DEFAULT =
      new CallOptions(null, false, false, Integer.MAX_VALUE, null, Metadata.EMPTY, null);

  /**
   * Checks the deadline and the size.
   *
   * @param deadline see the record
   * @param failsFast see the record
   * @param isIdempotent see the record
   * @param maxResponseSize see the record
   * @param scope see the record
   * @param metadata see the record
   * @param onAnswerMetadata see the record
   * @throws IllegalArgumentException where the deadline is zero, negative, or more than a year, or
   *     the size is negative
   */
  public CallOptions {
    Objects.requireNonNull(metadata, "metadata");
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
    return with(deadline, failsFast, isIdempotent, maxResponseSize);
  }

  /**
   * The same, and the call fails at once where there is no connection.
   *
   * @return the options
   */
  public CallOptions failFast() {
    return with(deadline, true, isIdempotent, maxResponseSize);
  }

  /**
   * The same, and the call may reach the peer more than once.
   *
   * @return the options
   */
  public CallOptions idempotent() {
    return with(deadline, failsFast, true, maxResponseSize);
  }

  /** The same, and the call reaches the peer once at most. */
  CallOptions once() {
    return with(deadline, failsFast, false, maxResponseSize);
  }

  /**
   * The same with another bound for the answer.
   *
   * @param bytes 0 or more; the connection's own bound holds too
   * @return the options
   */
  public CallOptions withMaxResponseSize(int bytes) {
    return with(deadline, failsFast, isIdempotent, bytes);
  }

  /**
   * The same for a call that is made for another, from whichever thread: when that is over, so is
   * this one.
   *
   * @param served the call that is served; null for the one that the thread serves which calls
   * @return the options
   */
  public CallOptions within(@Nullable CallScope served) {
    return with(served, metadata, onAnswerMetadata);
  }

  /**
   * The same with other metadata.
   *
   * <pre>{@code
   * options.withMetadata(options.metadata().with("tenant", "acme"))   // beside what there is
   * }</pre>
   *
   * @param other takes the place of what there is
   * @return the options
   */
  public CallOptions withMetadata(Metadata other) {
    return with(scope, Objects.requireNonNull(other, "metadata"), onAnswerMetadata);
  }

  /**
   * The same, and somebody more asks for the metadata of the answer.
   *
   * @param listener runs on the executor for callbacks, behind those that were set before: of a
   *     unary call before its future completes; of a streaming call when the answer begins, beside
   *     the first chunks, and {@link StreamCall#ended()} may be told before. Not at all where there
   *     is none. Once for each answer, so that a call that is retried may have several. What it
   *     throws is logged
   * @return the options
   */
  public CallOptions onAnswerMetadata(Consumer<Metadata> listener) {
    Objects.requireNonNull(listener, "listener");
    Consumer<Metadata> before = onAnswerMetadata;
    return with(scope, metadata, before == null ? listener : both(before, listener));
  }

  /** One that fails does not keep the other from being told. */
  private static Consumer<Metadata> both(Consumer<Metadata> first, Consumer<Metadata> second) {
    return metadata -> {
      try {
        first.accept(metadata);
      } finally {
        second.accept(metadata);
      }
    };
  }

  private CallOptions with(
      @Nullable Duration deadline, boolean failsFast, boolean isIdempotent, int maxResponseSize) {
    return new CallOptions(
        deadline, failsFast, isIdempotent, maxResponseSize, scope, metadata, onAnswerMetadata);
  }

  private CallOptions with(
      @Nullable CallScope scope, Metadata metadata, @Nullable Consumer<Metadata> onAnswerMetadata) {
    return new CallOptions(
        deadline, failsFast, isIdempotent, maxResponseSize, scope, metadata, onAnswerMetadata);
  }
}
