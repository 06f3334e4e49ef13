package io.muxio.rpc.service;

import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;

/** One connection to a peer. Safe to use from any thread. */
public interface RpcConnection {
  /**
   * A number that no other connection of this server or client has had.
   *
   * @return 1 or more
   */
  long id();

  /**
   * Where the peer is.
   *
   * @return its address, which stays known after the connection has ended
   */
  SocketAddress remoteAddress();

  /**
   * Calls the peer over this connection, from any thread, handlers that serve the peer included.
   *
   * @return always the same caller; once the connection has ended its calls fail with {@link
   *     RpcStatus#DISCONNECTED}
   */
  RpcCaller caller();

  /**
   * Whether the connection is up.
   *
   * @return false once it is closing or closed
   */
  boolean isOpen();

  /**
   * Ends the connection: the peer gets a WebSocket close (1000), calls in flight fail.
   *
   * @return done when the connection is closed
   */
  CompletionStage<Void> close();
}
