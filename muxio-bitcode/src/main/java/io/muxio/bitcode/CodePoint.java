package io.muxio.bitcode;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Rust's {@code char}, a code point that is not a surrogate: on {@code int}, {@code Integer} and
 * {@code int[]}. A Java {@code char} is that too, but cannot hold those above U+FFFF.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface CodePoint {}
