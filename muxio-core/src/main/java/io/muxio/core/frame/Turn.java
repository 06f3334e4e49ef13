package io.muxio.core.frame;

/**
 * How much a connection may do in one go, so that the others of its thread get their turn. Work is
 * counted, because the core has no clock: a frame or another small thing is one step, and so are 2
 * KiB of bytes. Used on the connection's thread only.
 */
public final class Turn {
  /** Some hundred microseconds at most: of the smallest frames, or of 256 KiB that are copied. */
  private static final int STEPS = 128;

  private static final int BYTES_OF_A_STEP = 2048;

  private final long steps;
  private long left;

  private Turn(long steps) {
    this.steps = steps;
    this.left = steps;
  }

  /**
   * A turn of the usual length.
   *
   * @return a new turn, which has begun
   */
  public static Turn usual() {
    return new Turn(STEPS);
  }

  /**
   * A turn of another length.
   *
   * @param steps 1 or more
   * @return a new turn, which has begun
   */
  public static Turn of(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("steps: " + steps + " (expected: 1 or more)");
    }
    return new Turn(steps);
  }

  /**
   * A turn that is never over, where nobody else waits.
   *
   * @return a new turn
   */
  public static Turn endless() {
    return new Turn(Long.MAX_VALUE);
  }

  /**
   * Begins anew.
   *
   * @return this
   */
  public Turn begin() {
    left = steps;
    return this;
  }

  /**
   * Whether the rest has to wait for the next turn.
   *
   * @return false where one more step may be made, of any size
   */
  public boolean isOver() {
    return left <= 0;
  }

  /**
   * Counts a step.
   *
   * @param bytes how many were handled in it; 0 or more
   */
  public void step(int bytes) {
    steps(1 + bytes / BYTES_OF_A_STEP);
  }

  /**
   * Counts several steps.
   *
   * @param count 0 or more
   */
  public void steps(int count) {
    left -= count;
  }
}
