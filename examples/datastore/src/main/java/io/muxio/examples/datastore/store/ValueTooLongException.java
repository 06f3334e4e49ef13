package io.muxio.examples.datastore.store;

/** A value is longer than what its reader takes at once; a {@link ValueReader} takes any. */
public final class ValueTooLongException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message which value, how long it is, and what was expected
   */
  public ValueTooLongException(String message) {
    super(message);
  }
}
