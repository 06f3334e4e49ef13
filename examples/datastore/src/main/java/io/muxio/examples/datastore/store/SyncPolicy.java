package io.muxio.examples.datastore.store;

import java.time.Duration;
import java.util.Objects;

/**
 * When what was written is forced to the disk. The death of the process loses nothing that was
 * acknowledged, whatever the policy. The death of the machine, by its power or its kernel, is
 * survived with {@link #COMMIT} only: with the others the newest writes may be lost, and because
 * the kernel writes pages in any order the file itself may be damaged, so that it takes a backup.
 *
 * @param mode what causes it
 * @param interval the longest time between two; zero unless the mode is {@link Mode#INTERVAL}
 */
public record SyncPolicy(Mode mode, Duration interval) {
  /** What causes the data to be forced to the disk. */
  public enum Mode {
    /** Every transaction, before any of its writes is acknowledged. */
    COMMIT,
    /** Time that has passed, and the close. */
    INTERVAL,
    /** The operating system, when it sees fit, and the close. */
    OS
  }

  /** Every transaction is on the disk before its writes are acknowledged. */
  public static final SyncPolicy COMMIT = new SyncPolicy(Mode.COMMIT, Duration.ZERO);

  /** The operating system decides; the close forces what is left. */
  public static final SyncPolicy OS = new SyncPolicy(Mode.OS, Duration.ZERO);

  /**
   * Checks that an interval is given where one is needed and nowhere else.
   *
   * @param mode see the record
   * @param interval see the record
   * @throws IllegalArgumentException where the interval does not fit the mode
   */
  public SyncPolicy {
    Objects.requireNonNull(mode, "mode");
    boolean wanted = mode == Mode.INTERVAL;
    if (interval.isNegative() || interval.isZero() == wanted) {
      throw new IllegalArgumentException(
          "interval: " + interval + " (expected: " + (wanted ? "more than 0" : "0") + ")");
    }
  }

  /**
   * So often, and at the close.
   *
   * @param interval more than zero
   * @return the policy
   * @throws IllegalArgumentException where the interval is not more than zero
   */
  public static SyncPolicy every(Duration interval) {
    return new SyncPolicy(Mode.INTERVAL, interval);
  }
}
