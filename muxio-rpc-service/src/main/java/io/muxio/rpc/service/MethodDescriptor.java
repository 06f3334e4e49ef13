package io.muxio.rpc.service;

import java.util.List;

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

  /**
   * The errors of the application that the method's callers may get.
   *
   * @return their types; empty where none is declared
   */
  List<ErrorType<?, ?>> errors();
}
