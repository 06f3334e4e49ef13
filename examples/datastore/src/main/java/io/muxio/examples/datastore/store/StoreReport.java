package io.muxio.examples.datastore.store;

import java.util.List;

/**
 * What {@link Store#verify} found.
 *
 * @param entries entries looked at
 * @param chunks pieces of values looked at
 * @param bytes of values looked at
 * @param problemCount how many problems there are
 * @param problems the first {@link #MAX_PROBLEMS} of them, for people
 */
public record StoreReport(
    long entries, long chunks, long bytes, long problemCount, List<String> problems) {
  /** How many problems are described. */
  public static final int MAX_PROBLEMS = 100;

  /**
   * Copies the list.
   *
   * @param entries see the record
   * @param chunks see the record
   * @param bytes see the record
   * @param problemCount see the record
   * @param problems see the record
   */
  public StoreReport {
    problems = List.copyOf(problems);
  }

  /**
   * Whether all is well.
   *
   * @return whether there are no problems
   */
  public boolean isSound() {
    return problemCount == 0;
  }
}
