package io.muxio.examples.datastore.store;

import org.jspecify.annotations.Nullable;

/**
 * The store could not do what it was asked: the disk is full, the file is damaged, another process
 * has it. The message says which store, what happened, and what can be done.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String publicMessage;

  /**
   * Makes an exception without a cause.
   *
   * @param message what happened, to what, and what to do
   */
  public StoreException(String message) {
    this(message, null);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param message what happened, to what, and what to do
   * @param cause what was thrown, or null
   */
  public StoreException(String message, @Nullable Throwable cause) {
    this(message, message, cause);
  }

  /**
   * Makes an exception that tells others less than the log.
   *
   * @param message what happened, to what, and what to do
   * @param publicMessage the same for who must not know where the store is
   * @param cause what was thrown, or null
   */
  StoreException(String message, String publicMessage, @Nullable Throwable cause) {
    super(message, cause);
    this.publicMessage = publicMessage;
  }

  /**
   * The message without the directory.
   *
   * @return what happened, for users on other machines
   */
  public String publicMessage() {
    return publicMessage;
  }
}
