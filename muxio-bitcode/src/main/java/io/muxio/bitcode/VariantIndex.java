package io.muxio.bitcode;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which variant of the Rust enum this is, if the order in Java is another: on the constants of an
 * enum and on the records of a sealed interface, on all of them or on none. Together they are 0, 1,
 * 2 and so on, each once.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.TYPE})
public @interface VariantIndex {
  /**
   * The number of the variant, from 0 in the order of the Rust declaration.
   *
   * @return 0 to 255
   */
  int value();
}
