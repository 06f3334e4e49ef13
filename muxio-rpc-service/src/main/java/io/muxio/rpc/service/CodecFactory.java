package io.muxio.rpc.service;

import java.lang.reflect.AnnotatedType;
import java.util.List;

/**
 * Makes codecs of Java types, for the methods of a service that is an interface. It is asked once
 * for each type of each method, and never for a lone {@code byte[]} or {@code ByteBuf}, which
 * travel as they are. See {@link RpcCodec} for how it is chosen.
 */
@FunctionalInterface
public interface CodecFactory {
  /**
   * The codec of a type.
   *
   * @param type the type of a parameter, an answer, an item of a stream, or an error's data, with
   *     its annotations; may be primitive
   * @return its codec, whose values are of that type (boxed, where it is primitive) and not null
   * @throws IllegalArgumentException where values of the type cannot be encoded; says why
   */
  Codec<?> codec(AnnotatedType type);

  /**
   * The codec of several parameters together.
   *
   * @param types their types, two or more, in order
   * @return the codec; its arrays hold one value for each type
   * @throws IllegalArgumentException where they cannot be encoded, by default always; says why
   */
  default Codec<Object[]> parameters(List<AnnotatedType> types) {
    throw new IllegalArgumentException(
        types.size() + " parameters (expected: at most one with " + getClass().getName() + ")");
  }
}
