package io.muxio.bitcode;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Rust's {@code u8}, 0 to 255: on {@code int} and {@code Integer}. A {@code byte[]} is {@code
 * Vec<u8>} also without it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface U8 {}
