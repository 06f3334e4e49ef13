package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallOptionsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void eachOptionLeavesTheOthersAsTheyAre() {
    CallOptions all = CallOptions.deadline(SECOND).withMaxResponseSize(7).failFast().idempotent();
    assertThat(all).isEqualTo(new CallOptions(SECOND, true, true, 7, null, Metadata.EMPTY, null));
    assertThat(all.withDeadline(null))
        .isEqualTo(new CallOptions(null, true, true, 7, null, Metadata.EMPTY, null));
  }

  @Test
  void byDefaultACallWaitsAndIsSentOnce() {
    assertThat(CallOptions.DEFAULT)
        .isEqualTo(
            new CallOptions(null, false, false, Integer.MAX_VALUE, null, Metadata.EMPTY, null));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 366L * 24 * 3600})
  void aDeadlineIsMoreThanZeroAndAtMostAYear(long seconds) {
    Duration deadline = Duration.ofSeconds(seconds);
    assertThatThrownBy(() -> CallOptions.deadline(deadline))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(deadline.toString())
        .hasMessageContaining("at most PT8760H");
  }

  @Test
  void aSizeIsNotNegative() {
    assertThatThrownBy(() -> CallOptions.DEFAULT.withMaxResponseSize(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxResponseSize: -1 (expected: 0 or more)");
  }
}
