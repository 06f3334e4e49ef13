package io.muxio.examples.datastore.store;

import org.jspecify.annotations.Nullable;

/**
 * The store could not do what it was asked: the disk is full, the file is damaged, another process
 * has it. The message says which store, what happened, and what can be done.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception without a cause.
   *
   * @param message what happened, to what, and what to do
   */
  public StoreException(String message) {
    super(message);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message what happened, to what, and what to do
   * @param cause what was thrown, or null
   */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
