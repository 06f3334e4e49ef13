package io.muxio.rpc.endpoint;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many unary calls an endpoint takes at once, decided anew all the time from how its calls
 * fare. One more than that is refused. Streaming calls, which last as long as they like, neither
 * count nor tell anything.
 *
 * <p>{@link #adaptive} has one that goes by how long calls take. One of the user's own implements
 * this interface. Safe to use from any thread; no method may block or throw. One object is for one
 * endpoint: another one's calls would tell it something else.
 */
public interface ConcurrencyLimit {
  /** How a call ended. */
  enum Outcome {
    /** With an answer. */
    ANSWERED,
    /** With a failure that the handler chose or had. How long it took need not mean anything. */
    FAILED,
    /** Nobody waits for it any more: it has taken too long, or the caller has cancelled or left. */
    GIVEN_UP,
    /**
     * It was refused behind this limit: the handler executor took no more calls, or the handler
     * said that it is {@link io.muxio.rpc.service.RpcStatus#OVERLOADED}.
     */
    REFUSED
  }

  /**
   * A limit that finds out by itself how many calls are too many. When calls take half as long
   * again as they do without load it falls, else it rises while there is use for it.
   *
   * <p>What they take without load is measured while no more than half of the limit is in use.
   * Where calls have been too slow for half a minute without such a time, the limit is halved for a
   * moment to look whether that helps; where it does not, that is how long they take now. Calls
   * that fail tell nothing, those that are given up only where they have taken longer than others
   * do without load, so that callers that leave at once do not raise the limit. When calls are
   * refused behind the limit, it falls, too.
   *
   * <p>It is for methods that take about as long as each other. A unary method that waits for
   * something to happen looks slow and belongs to an endpoint without such a limit, or is better
   * streaming.
   *
   * <p>The limit begins at {@code min}, and changes about four times a second, or less often where
   * fewer than 20 calls end in that time.
   *
   * @param min where it falls to at least, 1 or more; as many as are never too many
   * @param max where it rises to at most, {@code min} or more
   * @return a new limit
   * @throws IllegalArgumentException where one of them is out of its range
   */
  static ConcurrencyLimit adaptive(int min, int max) {
    return new AdaptiveLimit(min, max);
  }

  /**
   * How many calls there may be at this moment. Asked for each call.
   *
   * @return 1 or more; fewer counts as 1
   */
  int maxCalls();

  /**
   * Is told of each call that was let in, once, when it has ended. A call begins when its request
   * has come whole, before it waits for a thread, and ends when its answer is sent.
   *
   * @param outcome how it ended
   * @param startNanos when it began, as of {@link System#nanoTime()}
   * @param endNanos when it ended
   * @param callsAtOnce how many there were when it began, itself included
   */
  void onCall(Outcome outcome, long startNanos, long endNanos, int callsAtOnce);

  /**
   * When a caller that is refused should try again.
   *
   * @return more than zero, such as what a call takes now; null where that is not known
   */
  default @Nullable Duration retryAfter() {
    return null;
  }
}
