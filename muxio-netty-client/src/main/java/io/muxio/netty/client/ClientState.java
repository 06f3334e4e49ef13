package io.muxio.netty.client;

import io.muxio.rpc.service.ConnectionState;

/**
 * Where a client is in its life. Each of its connections has a {@link ConnectionState} of its own.
 *
 * <pre>
 *   CONNECTING → CONNECTED → RECONNECTING       the connection is lost, or its server closes
 *   CONNECTING ⇄ RECONNECTING                   an attempt fails; the next begins
 *   CONNECTED → DISCONNECTING → DISCONNECTED    close()
 *   CONNECTING, RECONNECTING → DISCONNECTED     close(), or the policy gives up
 *   CONNECTING, RECONNECTING → DISCONNECTING    close(), while calls run at a server that closes
 * </pre>
 */
public enum ClientState {
  /**
   * An attempt is under way: resolves the name, connects, shakes hands. New calls wait; those that
   * run at a server that closes go on.
   */
  CONNECTING,
  /** There is a connection that takes calls; they go both ways. */
  CONNECTED,
  /**
   * The connection was lost, its server takes no more calls, or an attempt has failed; the next
   * attempt is to come. New calls wait; those that run at a server that closes go on.
   */
  RECONNECTING,
  /** The client is being closed: calls that were sent may finish, new ones fail. */
  DISCONNECTING,
  /** Closed, or given up by the {@link ReconnectPolicy}: calls fail. Final. */
  DISCONNECTED
}
