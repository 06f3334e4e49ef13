package io.muxio.rpc.service;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A value cannot be encoded, or bytes are not the encoding of a value. */
public final class CodecException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Makes an exception.
   *
   * @param message what is wrong with the value or the bytes
   */
  public CodecException(String message) {
    this(message, null);
  }

  /**
   * Makes an exception.
   *
   * @param message what is wrong with the value or the bytes
   * @param cause what the codec met, or null
   */
  public CodecException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
