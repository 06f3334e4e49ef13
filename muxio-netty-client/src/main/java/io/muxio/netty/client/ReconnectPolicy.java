package io.muxio.netty.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Says when a client tries again that has no connection. Asked before every attempt but the first;
 * never on an event loop. Holds no state: one policy serves any number of clients.
 *
 * <p>Where a server says that it takes no more calls, because it closes, the first attempt does not
 * wait, whatever the policy answers but null: calls are to be made elsewhere at once. It does wait
 * where the attempts do not begin anew.
 *
 * <pre>{@code
 * ReconnectPolicy fiveTimes =
 *     (attempt, cause) -> attempt > 5 ? null : Duration.ofSeconds(attempt);
 * }</pre>
 */
@FunctionalInterface
public interface ReconnectPolicy {
  /**
   * How long to wait before the next attempt.
   *
   * @param attempt 1 for the first attempt after the connection was lost, then 2 and so on. Begins
   *     anew where a connection has lasted at least as long as the wait before it, so that a server
   *     that takes connections and drops them is not besieged
   * @param cause why the connection was lost or takes no more calls, or the last attempt has
   *     failed; a {@link HandshakeRefusedException} where the server answered with something else
   *     than an upgrade
   * @return how long to wait, zero or more; null to give up, for ever
   */
  @Nullable Duration delay(int attempt, Throwable cause);

  /**
   * Waits a random time between zero and a bound that doubles with every attempt, for ever: so the
   * clients of a server that was restarted do not come all at once. Where the server's refusal had
   * a {@code Retry-After}, that time comes on top, up to the cap.
   *
   * @param first the bound for the first attempt, more than zero
   * @param cap the largest bound, not less than the first
   * @return the policy
   * @throws IllegalArgumentException where one is out of its range
   */
  static ReconnectPolicy exponential(Duration first, Duration cap) {
    return new ExponentialBackoff(first, cap, bound -> ThreadLocalRandom.current().nextLong(bound));
  }
}
