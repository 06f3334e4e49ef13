package io.muxio.bitcode.vectors;

/** A value that Rust has and Java's type has not: its bytes must be rejected. */
final class UnrepresentableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnrepresentableException(String message) {
    super(message);
  }
}
