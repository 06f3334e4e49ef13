package io.muxio.bitcode;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that are not a value of the expected type, a value that its type cannot represent, or a
 * message over a limit.
 *
 * <p>{@link #path()} says where in the type, the message says what was found and what was expected:
 * {@code entries[].key: header 12 of a byte column, expected 0 to 10}.
 */
public final class BitcodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The path of the field, the outermost first. */
  private String path = "";

  BitcodeException(String detail) {
    this(detail, null);
  }

  BitcodeException(String detail, @Nullable Throwable cause) {
    super(detail, cause);
  }

  /**
   * Where it happened: field names joined by dots, {@code []} for any element of a collection, an
   * index where the element is known.
   *
   * @return the path, empty if it happened at the root or concerns the message as a whole
   */
  public String path() {
    return path;
  }

  @Override
  public String getMessage() {
    String detail = String.valueOf(super.getMessage());
    return path.isEmpty() ? detail : path + ": " + detail;
  }

  /** Adds the step that leads to the part which failed; called from the inside to the outside. */
  BitcodeException within(String step) {
    boolean joined = path.isEmpty() || path.startsWith("[");
    path = joined ? step + path : step + "." + path;
    return this;
  }
}
