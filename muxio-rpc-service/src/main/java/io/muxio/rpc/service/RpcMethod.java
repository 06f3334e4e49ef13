package io.muxio.rpc.service;

import java.util.Objects;

/**
 * A method as both ends know it: its name, its id on the wire, and how its request and its answer
 * are encoded. Immutable.
 *
 * @param <Q> the type of the request
 * @param <R> the type of the answer
 */
public final class RpcMethod<Q, R> implements MethodDescriptor {
  private final String name;
  private final long id;
  private final Codec<Q> requestCodec;
  private final Codec<R> responseCodec;

  private RpcMethod(String name, Codec<Q> requestCodec, Codec<R> responseCodec) {
    this.name = MethodId.checkName(name);
    this.id = MethodId.of(name);
    this.requestCodec = Objects.requireNonNull(requestCodec, "requestCodec");
    this.responseCodec = Objects.requireNonNull(responseCodec, "responseCodec");
  }

  /**
   * A method with one request and one answer.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param name the method's name; its hash is all that travels
   * @param requestCodec how the request is encoded
   * @param responseCodec how the answer is encoded
   * @return the method
   * @throws IllegalArgumentException where the name is empty
   */
  public static <Q, R> RpcMethod<Q, R> unary(
      String name, Codec<Q> requestCodec, Codec<R> responseCodec) {
    return new RpcMethod<>(name, requestCodec, responseCodec);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long id() {
    return id;
  }

  /**
   * How the request is encoded.
   *
   * @return the codec
   */
  public Codec<Q> requestCodec() {
    return requestCodec;
  }

  /**
   * How the answer is encoded.
   *
   * @return the codec
   */
  public Codec<R> responseCodec() {
    return responseCodec;
  }

  @Override
  public String toString() {
    return name + " (" + MethodId.toString(id) + ")";
  }
}
