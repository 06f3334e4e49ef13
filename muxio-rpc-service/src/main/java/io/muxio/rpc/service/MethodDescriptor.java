package io.muxio.rpc.service;

/** What every method has, whatever travels through it. */
public sealed interface MethodDescriptor permits RpcMethod, StreamMethod {
  /**
   * The method's name.
   *
   * @return the name that was hashed
   */
  String name();

  /**
   * The method's id on the wire.
   *
   * @return {@link MethodId#of} the name
   */
  long id();
}
