package io.muxio.rpc.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of an interface a method of a service.
 *
 * <pre>{@code
 * public interface Calculator {
 *   @RpcName("math.add")
 *   double add(double[] numbers);
 *
 *   @RpcName("math.mult")
 *   CompletionStage<Double> multiply(double[] numbers);
 * }
 * }</pre>
 *
 * <p><b>Parameters.</b> None is no bytes, one is the value itself, several are a struct of them in
 * order. <b>Answer.</b> A value, {@code void}, a {@code CompletionStage} of either, or a {@code
 * Flow.Publisher}. A last parameter may be a {@code Flow.Publisher} too; with either the method is
 * a streaming one. <b>Bytes.</b> A lone {@code byte[]} or {@code ByteBuf} (the one parameter, the
 * answer, the items of a publisher) is the bytes as they are, whatever the codec; everything else
 * is encoded by the {@link CodecFactory} that {@link RpcCodec} names, else in bitcode. <b>Errors.
 * </b> Checked exceptions that the method declares are {@link ApplicationException}s.
 *
 * <p>The interface is public and not generic. Its static and default methods are not served:
 * default methods run where they are called. Neither parameters nor answers are null.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RpcName {
  /**
   * The method's name on the wire.
   *
   * @return such as {@code math.add}; its hash is all that travels
   */
  String value();
}
