package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExponentialBackoffTest {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration CAP = Duration.ofSeconds(30);
  private final IOException cause = new IOException("lost");

  @ParameterizedTest
  @CsvSource({
    "1, 100",
    "2, 200",
    "3, 400",
    "9, 25600",
    "10, 30000",
    "11, 30000",
    "1000000000, 30000"
  })
  void theBoundDoublesUpToTheCap(int attempt, long millis) {
    ReconnectPolicy longest = new ExponentialBackoff(FIRST, CAP, bound -> bound - 1);
    assertThat(longest.delay(attempt, cause)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void theShortestIsNoDelay() {
    ReconnectPolicy shortest = new ExponentialBackoff(FIRST, CAP, bound -> 0);
    assertThat(shortest.delay(50, cause)).isZero();
  }

  @Test
  void delaysAreSpreadOverTheWholeRange() {
    ReconnectPolicy policy = ReconnectPolicy.exponential(FIRST, CAP);
    long early = 0;
    for (int i = 0; i < 1_000; i++) {
      Duration delay = policy.delay(4, cause);
      assertThat(delay).isBetween(Duration.ZERO, Duration.ofMillis(800));
      early += delay.compareTo(Duration.ofMillis(400)) < 0 ? 1 : 0;
    }
    assertThat(early).isBetween(300L, 700L);
  }

  @Test
  void theLongestTimesDoNotOverflow() {
    Duration longest = Duration.ofNanos(Long.MAX_VALUE - 1);
    ReconnectPolicy policy = new ExponentialBackoff(FIRST, longest, bound -> bound - 1);
    assertThat(policy.delay(1_000, cause)).isEqualTo(longest);
  }

  @ParameterizedTest
  @CsvSource({"PT7S, PT7.1S", "PT0S, PT0.1S", "PT30S, PT30.1S", "PT99999H, PT30.1S", ", PT0.1S"})
  void whatTheServerAsksForComesOnTop(Duration retryAfter, Duration longest) {
    ReconnectPolicy policy = new ExponentialBackoff(FIRST, CAP, bound -> bound - 1);
    IOException busy = new HandshakeRefusedException("busy", 429, retryAfter);
    assertThat(policy.delay(1, busy)).isEqualTo(longest);
  }

  @Test
  void timesOutOfRangeAreNamed() {
    assertThatThrownBy(() -> ReconnectPolicy.exponential(Duration.ZERO, CAP))
        .hasMessage("first: PT0S (expected: more than zero)");
    assertThatThrownBy(() -> ReconnectPolicy.exponential(CAP, FIRST))
        .hasMessage("cap: PT0.1S (expected: not less than PT30S)");
  }
}
