package io.muxio.rpc.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Chooses the codecs of a service, or of one of its methods, which counts more. It stands where
 * both ends see it, so that they cannot choose differently. Without it values are bitcode.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RpcCodec {
  /**
   * What makes the codecs.
   *
   * @return a public class with a public constructor without parameters
   */
  Class<? extends CodecFactory> value();
}
