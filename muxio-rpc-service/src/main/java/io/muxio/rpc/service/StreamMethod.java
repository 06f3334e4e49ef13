package io.muxio.rpc.service;

/**
 * A method whose request and answer are streams of raw chunks, in both directions at once. The
 * chunks are bytes as they are. Published senders join what they write and cut at 64 KiB until they
 * flush, so where a chunk ends has a meaning only between peers that agree on it. Immutable.
 */
public final class StreamMethod implements MethodDescriptor {
  private final String name;
  private final long id;

  private StreamMethod(String name) {
    this.name = MethodId.checkName(name);
    this.id = MethodId.of(name);
  }

  /**
   * A streaming method.
   *
   * @param name the method's name; its hash is all that travels
   * @return the method
   * @throws IllegalArgumentException where the name is empty
   */
  public static StreamMethod of(String name) {
    return new StreamMethod(name);
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
  public String toString() {
    return name + " (" + MethodId.toString(id) + ")";
  }
}
