package io.muxio.rpc.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes unary calls again that have failed where that is safe. Streams are not made again.
 *
 * <pre>{@code
 * RpcClient client = RpcClient.builder("ws://127.0.0.1:3000/ws")
 *     .callInterceptor(Retry.builder().maxAttempts(4).build())
 *     .connect();
 * }</pre>
 *
 * <p>A call is made again where the connection was lost or a limit of this end refused it, and it
 * was not sent, or was lost and is {@link CallOptions#idempotent()}, also where it is {@link
 * CallOptions#failFast()} and there is no connection; and where the callee refused it before its
 * handler ran, {@link RpcStatus#OVERLOADED}. What else the callee said, a deadline that has passed
 * and a cancel are final, and so is every failure once the caller {@link RpcCaller#isClosed()},
 * which is looked at before and after each wait. The deadline of a call covers all its attempts and
 * the waits between them: where the next wait would pass it, or the budget is empty, the call fails
 * with what the last attempt failed with, and its text says so.
 *
 * <p>The request is encoded once: interceptors behind this one get it as a {@code ByteBuf}. They
 * run for each attempt, those before it for all attempts together. Attempts are not marked
 * idempotent, so that a client does not send each of them again by itself. One retry on the way of
 * a call is enough: two multiply.
 *
 * <p>Immutable but for the budget; safe to use from any thread. Attempts but the first are made on
 * the JVM's common pool.
 */
public final class Retry implements CallInterceptor {
  private final int maxAttempts;
  private final long firstNanos;
  private final long longestNanos;
  private final RetryBudget budget;
  private final Predicate<RpcException> alsoOn;
  private final RetryTiming timing;

  private Retry(Builder builder) {
    this.maxAttempts = builder.maxAttempts;
    this.firstNanos = builder.first.toNanos();
    this.longestNanos = builder.longest.toNanos();
    this.budget = builder.budget;
    this.alsoOn = builder.alsoOn;
    this.timing = builder.timing;
  }

  /**
   * A builder of retries with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public <Q, R> CompletableFuture<R> call(
      RpcMethod<Q, R> method, Q request, CallOptions options, RpcCaller next) {
    ByteBuf bytes = method.requestCodec().encode(request, ByteBufAllocator.DEFAULT);
    RpcMethod<ByteBuf, R> encoded = method.withRequestCodec(Codec.byteBuf());
    budget.onCall();
    return new RetriedCall<>(this, encoded, bytes, options, next).start();
  }

  int maxAttempts() {
    return maxAttempts;
  }

  RetryTiming timing() {
    return timing;
  }

  RetryBudget budget() {
    return budget;
  }

  boolean isFor(RpcException failure, CallOptions options) {
    boolean lost = failure.status() == RpcStatus.DISCONNECTED;
    if (lost && options.isIdempotent()) {
      return true;
    }
    boolean refused = lost || failure.status() == RpcStatus.REJECTED;
    return failure.status() == RpcStatus.OVERLOADED
        || (refused && !failure.mayHaveReachedPeer())
        || alsoOn.test(failure);
  }

  /**
   * What the callee asks for, and on top at random up to what doubles with each attempt, so that
   * callers do not come all at once.
   */
  long waitNanos(RpcException failure, int failedAttempts) {
    int doublings = Math.min(failedAttempts - 1, Long.numberOfLeadingZeros(firstNanos) - 1);
    long random = (long) (timing.random() * Math.min(longestNanos, firstNanos << doublings));
    return asked(failure.retryAfter()) + random;
  }

  /** A peer that asks for a year is not obeyed. */
  private long asked(@Nullable Duration retryAfter) {
    if (retryAfter == null) {
      return 0;
    }
    Duration longest = Duration.ofNanos(longestNanos);
    return retryAfter.compareTo(longest) < 0 ? retryAfter.toNanos() : longestNanos;
  }

  /** Collects the settings of a retry. Not thread-safe. */
  public static final class Builder {
    private int maxAttempts = 3;
    private Duration first = Duration.ofMillis(100);
    private Duration longest = Duration.ofSeconds(5);
    private RetryBudget budget = RetryBudget.standard();
    private Predicate<RpcException> alsoOn = failure -> false;
    private RetryTiming timing = RetryTiming.SYSTEM;

    private Builder() {}

    /**
     * How often a call is made at most, the first time included.
     *
     * @param attempts 1 or more; default 3
     * @return this builder
     * @throws IllegalArgumentException where it is less
     */
    public Builder maxAttempts(int attempts) {
      if (attempts < 1) {
        throw new IllegalArgumentException("maxAttempts: " + attempts + " (expected: 1 or more)");
      }
      maxAttempts = attempts;
      return this;
    }

    /**
     * How long to wait between attempts: a random time up to {@code first}, then up to twice, four
     * times as long and so on. Where the callee has said when to come back, {@link
     * RpcException#retryAfter()}, that is waited before, up to {@code longest}.
     *
     * @param first more than zero; default 100 ms
     * @param longest where doubling ends, {@code first} or more and a day at most; default 5 s
     * @return this builder
     * @throws IllegalArgumentException where one of them is out of its range
     */
    public Builder backoff(Duration first, Duration longest) {
      if (first.isZero() || first.isNegative() || first.compareTo(longest) > 0) {
        throw new IllegalArgumentException(
            "first: " + first + " (expected: more than zero, at most longest, " + longest + ")");
      }
      if (longest.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException("longest: " + longest + " (expected: at most a day)");
      }
      this.first = first;
      this.longest = longest;
      return this;
    }

    /**
     * How many calls may be made again.
     *
     * @param budget to be shared with other retries of calls to the same peer; default one of its
     *     own, {@link RetryBudget#standard()}
     * @return this builder
     */
    public Builder budget(RetryBudget budget) {
      this.budget = Objects.requireNonNull(budget, "budget");
      return this;
    }

    /**
     * Which failures a call is made again after, besides those that are safe. The callee may have
     * done its work already: look at {@link RpcException#mayHaveReachedPeer()}, or decide by the
     * {@link RpcException#method()}.
     *
     * @param failures true to make the call again; must not block; default none
     * @return this builder
     */
    public Builder alsoOn(Predicate<RpcException> failures) {
      this.alsoOn = Objects.requireNonNull(failures, "failures");
      return this;
    }

    /** For tests: time and chance. */
    Builder timing(RetryTiming timing) {
      this.timing = timing;
      return this;
    }

    /**
     * Makes the retry; the builder may be used on.
     *
     * @return the interceptor
     */
    public Retry build() {
      return new Retry(this);
    }
  }
}
