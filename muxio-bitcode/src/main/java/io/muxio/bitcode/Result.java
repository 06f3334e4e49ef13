package io.muxio.bitcode;

/**
 * Rust's {@code Result<T, E>}.
 *
 * @param <T> the Java type of a success
 * @param <E> the Java type of an error
 */
public sealed interface Result<T, E> {
  /**
   * A success.
   *
   * @param value what there is
   * @param <T> the Java type of a success
   * @param <E> the Java type of an error
   */
  record Ok<T, E>(T value) implements Result<T, E> {}

  /**
   * An error.
   *
   * @param error what went wrong
   * @param <T> the Java type of a success
   * @param <E> the Java type of an error
   */
  record Err<T, E>(E error) implements Result<T, E> {}
}
