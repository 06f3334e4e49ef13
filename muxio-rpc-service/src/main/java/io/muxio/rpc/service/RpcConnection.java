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
