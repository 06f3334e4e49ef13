package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final AtomicLong nanos = new AtomicLong();

  private RetryBudget budget(int percent, int perSecond, int max) {
    return new RetryBudget(percent, perSecond, max, nanos::get);
  }

  private static int takeAll(RetryBudget budget) {
    int taken = 0;
    while (budget.take()) {
      taken++;
    }
    return taken;
  }

  @Test
  void tenCallsMakeARetry() {
    RetryBudget budget = budget(10, 0, 100);
    for (int call = 1; call <= 9; call++) {
      budget.onCall();
    }
    assertThat(takeAll(budget)).isZero();
    budget.onCall();
    assertThat(takeAll(budget)).isEqualTo(1);
  }

  @Test
  void aFewASecondAreThereWithoutCalls() {
    RetryBudget budget = budget(0, 2, 100);
    assertThat(takeAll(budget)).as("ten seconds' worth at first").isEqualTo(20);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_500));
    assertThat(takeAll(budget)).isEqualTo(2);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
    assertThat(takeAll(budget)).isEqualTo(2);
  }

  @Test
  void noMoreThanTheMaximumIsSaved() {
    RetryBudget budget = budget(100, 1, 3);
    for (int call = 0; call < 10; call++) {
      budget.onCall();
    }
    nanos.addAndGet(TimeUnit.DAYS.toNanos(1_000));
    assertThat(budget.available()).isEqualTo(3);
    assertThat(takeAll(budget)).isEqualTo(3);
  }

  @Test
  void settingsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryBudget(-1, 0, 1))
        .withMessage("percent: -1 (expected: 0 to 1000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryBudget(0, -1, 1))
        .withMessage("perSecond: -1 (expected: 0 to 1000000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryBudget(0, 0, 0))
        .withMessage("max: 0 (expected: 1 to 1000000)");
    assertThat(RetryBudget.standard().available()).isEqualTo(10);
  }
}
