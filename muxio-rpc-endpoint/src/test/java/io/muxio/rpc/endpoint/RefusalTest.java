package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The time that a caller is told. */
class RefusalTest {
  private static long millis(Duration retryAfter) {
    return new Refusal("full", retryAfter).retryAfterMillis();
  }

  @Test
  void isInMillisecondsRoundedUp() {
    assertThat(millis(Duration.ZERO)).isZero();
    assertThat(millis(Duration.ofNanos(1))).isEqualTo(1);
    assertThat(millis(Duration.ofMillis(7))).isEqualTo(7);
    assertThat(millis(Duration.ofMillis(7).plusNanos(1))).isEqualTo(8);
  }

  @Test
  void isNegativeWhereNobodyKnows() {
    assertThat(Refusal.of("full").retryAfterMillis()).isNegative();
  }

  @Test
  void isAYearAtMost() {
    assertThat(millis(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(365L * 24 * 3600 * 1000);
  }
}
