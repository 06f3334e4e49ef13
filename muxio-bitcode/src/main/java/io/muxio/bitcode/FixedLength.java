package io.muxio.bitcode;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Rust's {@code [T; N]}, which writes no length: on a {@code List} and on arrays of primitives, as
 * in {@code @FixedLength(16) byte[] key}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface FixedLength {
  /**
   * The number of elements that every value has.
   *
   * @return 0 or more
   */
  int value();
}
