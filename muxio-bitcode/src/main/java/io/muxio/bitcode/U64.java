package io.muxio.bitcode;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Rust's {@code u64}, and {@code usize}: on {@code long}, {@code Long} and {@code long[]}, where
 * 2^63 and more are negative, see {@link Long#toUnsignedString(long)}; and on {@code BigInteger}, 0
 * to 2^64 - 1.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface U64 {}
