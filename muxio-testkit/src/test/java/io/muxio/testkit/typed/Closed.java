package io.muxio.testkit.typed;

import io.muxio.rpc.service.ApplicationException;

/** An error with one number; two shops of the tests have it. */
public final class Closed extends ApplicationException {
  private final int untilHour;

  public Closed(String message, Integer untilHour) {
    super(message);
    this.untilHour = untilHour;
  }

  @Override
  public Integer data() {
    return untilHour;
  }
}
