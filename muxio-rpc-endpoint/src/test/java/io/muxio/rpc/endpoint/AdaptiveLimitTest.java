package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.muxio.rpc.endpoint.ConcurrencyLimit.Outcome;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit over servers that are computed: so many calls at a time, the rest queues. */
class AdaptiveLimitTest {
  private static final int MIN = 10;
  private static final int MAX = 1_000;
  private static final long CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final ConcurrencyLimit limit = ConcurrencyLimit.adaptive(MIN, MAX);
  private final Random random = new Random(1);

  /** Begins where it overflows soon. */
  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);

  /** A server that does so many calls at a time, each in that time give or take a half. */
  private final class Server {
    private final int capacity;
    private long callNanos = CALL_NANOS;

    Server(int capacity) {
      this.capacity = capacity;
    }

    /** So many callers call all the time; who is refused tries again at once. */
    void serve(int callers, int seconds) {
      long end = now + TimeUnit.SECONDS.toNanos(seconds);
      while (end - now > 0) {
        int atOnce = Math.min(callers, limit.maxCalls());
        double queued = Math.max(1, (double) atOnce / capacity);
        long taken = (long) (callNanos * queued * (0.5 + random.nextDouble()));
        now += Math.max(1, (long) (callNanos * queued) / atOnce);
        limit.onCall(Outcome.ANSWERED, now - taken, now, atOnce);
      }
    }
  }

  /** Calls that all end the same, as many at once as may be. */
  private void end(Outcome outcome, long taken, int seconds) {
    long end = now + TimeUnit.SECONDS.toNanos(seconds);
    while (end - now > 0) {
      int atOnce = limit.maxCalls();
      now += CALL_NANOS / atOnce;
      limit.onCall(outcome, now - taken, now, atOnce);
    }
  }

  @Test
  void beginsWithTheLeast() {
    assertThat(limit.maxCalls()).isEqualTo(MIN);
    assertThat(limit.retryAfter()).isNull();
  }

  @Test
  void risesToTheMostWhileCallsAreNoSlower() {
    new Server(5_000).serve(2_000, 60);
    assertThat(limit.maxCalls()).isEqualTo(MAX);
  }

  @Test
  void doesNotRiseWhereThereIsNoUseForMore() {
    new Server(5_000).serve(30, 300);
    assertThat(limit.maxCalls()).isBetween(30, 80);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 40, 150, 400})
  void findsWhatTheServerCanDoAndStaysThere(int capacity) {
    Server server = new Server(capacity);
    server.serve(5_000, 120);
    for (int minutes = 0; minutes < 60; minutes++) {
      server.serve(5_000, 60);
      assertThat(limit.maxCalls()).isBetween(capacity / 2, 2 * capacity + 10);
    }
    assertThat(limit.retryAfter())
        .isBetween(Duration.ofNanos(CALL_NANOS), Duration.ofNanos(3 * CALL_NANOS));
  }

  @Test
  void fallsWithinSecondsWhenCallsBecomeSlow() {
    Server server = new Server(300);
    server.serve(5_000, 120);
    int before = limit.maxCalls();
    server.callNanos = 10 * CALL_NANOS;
    server.serve(5_000, 5);
    assertThat(limit.maxCalls()).isBetween(MIN, before / 4);
  }

  @Test
  void findsOutThatCallsAreLongerForGood() {
    Server server = new Server(100);
    server.serve(5_000, 120);
    server.callNanos = 10 * CALL_NANOS;
    server.serve(5_000, 180);
    assertThat(limit.maxCalls()).isBetween(80, 210);
  }

  @Test
  void comesBackWhenCallsAreFastAgain() {
    Server server = new Server(100);
    server.serve(5_000, 60);
    server.callNanos = 20 * CALL_NANOS;
    server.serve(5_000, 20);
    server.callNanos = CALL_NANOS;
    server.serve(5_000, 150);
    assertThat(limit.maxCalls()).isBetween(80, 210);
  }

  @Test
  void failuresTellNothing() {
    new Server(100).serve(5_000, 60);
    int before = limit.maxCalls();
    end(Outcome.FAILED, 1, 60);
    end(Outcome.FAILED, 100 * CALL_NANOS, 60);
    assertThat(limit.maxCalls()).isEqualTo(before);
  }

  @Test
  void callersThatLeaveAtOnceTellNothing() {
    new Server(100).serve(5_000, 60);
    int before = limit.maxCalls();
    end(Outcome.GIVEN_UP, 1, 60);
    assertThat(limit.maxCalls()).isEqualTo(before);
  }

  @Test
  void callsThatAreGivenUpLateLowerIt() {
    new Server(100).serve(5_000, 60);
    end(Outcome.GIVEN_UP, 100 * CALL_NANOS, 10);
    assertThat(limit.maxCalls()).isLessThan(2 * MIN);
  }

  @Test
  void refusalsBehindItLowerIt() {
    new Server(100).serve(5_000, 60);
    end(Outcome.REFUSED, 1, 20);
    assertThat(limit.maxCalls()).isEqualTo(MIN);
  }

  @Test
  void manyThreadsTellIt() {
    long start = now;
    IntStream.range(0, 400_000)
        .parallel()
        .forEach(
            call ->
                limit.onCall(Outcome.ANSWERED, start, start + CALL_NANOS + call * 10_000L, 900));
    assertThat(limit.maxCalls()).isBetween(MIN, MAX);
    assertThat(limit.retryAfter()).isPositive();
  }

  @Test
  void theBoundsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConcurrencyLimit.adaptive(0, 5))
        .withMessage("min: 0 (expected: 1 or more)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConcurrencyLimit.adaptive(6, 5))
        .withMessage("max: 5 (expected: min or more, 6)");
  }
}
