package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.MethodDescriptor;
import io.muxio.rpc.service.RpcConnection;
import java.net.SocketAddress;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** What a handler may know of the call it serves. Safe to use from any thread. */
public interface CallContext {
  /**
   * The call that the current thread serves, for a service that is an interface, whose methods are
   * not handed it. A method that goes on in other threads takes the context along itself.
   *
   * @return the call of the method of {@link RpcEndpoint.Builder#service} that runs on this thread
   * @throws IllegalStateException where none does
   */
  static CallContext current() {
    return CurrentCall.get();
  }

  /**
   * The method that was called.
   *
   * @return as it was registered
   */
  MethodDescriptor method();

  /**
   * The connection that the call came over.
   *
   * @return the connection to the caller
   */
  RpcConnection connection();

  /**
   * Where the caller is.
   *
   * @return the address of {@link #connection()}
   */
  default SocketAddress remoteAddress() {
    return connection().remoteAddress();
  }

  /**
   * Who calls, for a handler to decide what the caller may do.
   *
   * @return the principal of {@link #connection()}; null where the caller has no name
   */
  default @Nullable Principal principal() {
    return connection().principal();
  }

  /**
   * Whether nobody waits for the answer any more: the connection has ended, or the caller
   * cancelled, which published callers can do only while their request is on its way. A handler
   * that blocks is not interrupted.
   *
   * @return true from then on
   */
  boolean isCancelled();

  /**
   * Asks to be told when {@link #isCancelled()} becomes true; where it is true already, at once.
   *
   * @param action runs once, on a thread that is not for handlers, so it must not block; not at all
   *     where the call is answered first
   */
  void onCancel(Runnable action);
}
