package io.muxio.rpc.service;

import java.util.List;
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
  private final List<ErrorType<?, ?>> errors;

  private RpcMethod(
      String name,
      long id,
      Codec<Q> requestCodec,
      Codec<R> responseCodec,
      List<ErrorType<?, ?>> errors) {
    this.name = name;
    this.id = id;
    this.requestCodec = Objects.requireNonNull(requestCodec, "requestCodec");
    this.responseCodec = Objects.requireNonNull(responseCodec, "responseCodec");
    this.errors = errors;
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
    MethodId.checkName(name);
    return new RpcMethod<>(name, MethodId.of(name), requestCodec, responseCodec, List.of());
  }

  /**
   * The same method, with the errors of the application that its handler throws. To the caller they
   * are the cause of an {@link RpcException} of {@link RpcStatus#FAIL}.
   *
   * @param types of different names; take the place of those that were declared before
   * @return the method
   * @throws IllegalArgumentException where two have the same name
   */
  public RpcMethod<Q, R> throwing(ErrorType<?, ?>... types) {
    return new RpcMethod<>(name, id, requestCodec, responseCodec, ErrorType.distinct(name, types));
  }

  /**
   * The same method for a request that is encoded otherwise, or already.
   *
   * @param <N> the type of the request
   * @param requestCodec how the request is encoded
   * @return the method
   */
  public <N> RpcMethod<N, R> withRequestCodec(Codec<N> requestCodec) {
    return new RpcMethod<>(name, id, requestCodec, responseCodec, errors);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public List<ErrorType<?, ?>> errors() {
    return errors;
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
