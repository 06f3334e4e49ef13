package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was not let in to its handler, so that it may be made again.
 *
 * @param text for the caller
 * @param retryAfter when to make it again; null where nobody knows
 */
record Refusal(String text, @Nullable Duration retryAfter) {
  private static final long UNKNOWN = -1;

  /** Where nobody knows when it will be better. */
  static Refusal of(String text) {
    return new Refusal(text, null);
  }

  /** The refusal that a handler has chosen to fail with; null where it failed otherwise. */
  static @Nullable Refusal chosenWith(Throwable failure) {
    // One that names a method was meant for the handler, not for the handler's caller.
    return FailureBody.unwrap(failure) instanceof RpcException chosen
            && chosen.status() == RpcStatus.OVERLOADED
            && chosen.method() == null
        ? new Refusal(chosen.detail(), chosen.retryAfter())
        : null;
  }

  /** Milliseconds, rounded up, a year at most; negative where nobody knows. */
  long retryAfterMillis() {
    if (retryAfter == null) {
      return UNKNOWN;
    }
    Duration longest = Duration.ofDays(365);
    Duration bounded = retryAfter.compareTo(longest) < 0 ? retryAfter : longest;
    return bounded.plusNanos(999_999).toMillis();
  }
}
