package io.muxio.testkit.typed;

import io.muxio.rpc.service.ApplicationException;

/** An error of the shop. */
public final class OutOfStock extends ApplicationException {
  /** What is left of what. */
  public record Left(String article, int count) {}

  private final transient Left left;

  public OutOfStock(String message, Left left) {
    super(message);
    this.left = left;
  }

  @Override
  public Left data() {
    return left;
  }
}
