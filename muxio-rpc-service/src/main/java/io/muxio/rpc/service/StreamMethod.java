package io.muxio.rpc.service;

import java.util.List;

/**
 * A method whose request and answer are streams of raw chunks, in both directions at once. The
 * chunks are bytes as they are. Published senders join what they write and cut at 64 KiB until they
 * flush, so where a chunk ends has a meaning only between peers that agree on it. Immutable.
 */
public final class StreamMethod implements MethodDescriptor {
  private final String name;
  private final long id;
  private final List<ErrorType<?, ?>> errors;

  private StreamMethod(String name, List<ErrorType<?, ?>> errors) {
    this.name = MethodId.checkName(name);
    this.id = MethodId.of(name);
    this.errors = errors;
  }

  /**
   * A streaming method.
   *
   * @param name the method's name; its hash is all that travels
   * @return the method
   * @throws IllegalArgumentException where the name is empty
   */
  public static StreamMethod of(String name) {
    return new StreamMethod(name, List.of());
  }

  /**
   * The same method, with the errors of the application that its handler throws, see {@link
   * RpcMethod#throwing}.
   *
   * @param types of different names; take the place of those that were declared before
   * @return the method
   * @throws IllegalArgumentException where two have the same name
   */
  public StreamMethod throwing(ErrorType<?, ?>... types) {
    return new StreamMethod(name, ErrorType.distinct(name, types));
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

  @Override
  public String toString() {
    return name + " (" + MethodId.toString(id) + ")";
  }
}
