package io.muxio.netty.client;

import io.muxio.rpc.service.ConnectionState;

/**
 * Where a client is in its life. Each of its connections has a {@link ConnectionState} of its own.
 *
 * <pre>
 *   CONNECTING → CONNECTED → RECONNECTING       the connection is lost
 *   CONNECTING ⇄ RECONNECTING                   an attempt fails; the next begins
 *   CONNECTED → DISCONNECTING → DISCONNECTED    close()
 *   CONNECTING, RECONNECTING → DISCONNECTED     close(), or the policy gives up
 * </pre>
 */
public enum ClientState {
  /** An attempt is under way: resolves the name, connects, shakes hands. Calls wait. */
  CONNECTING,
  /** Calls go both ways. */
  CONNECTED,
  /** The connection was lost or an attempt has failed; the next attempt is to come. Calls wait. */
  RECONNECTING,
  /** The client is being closed: calls that were sent may finish, new ones fail. */
  DISCONNECTING,
  /** Closed, or given up by the {@link ReconnectPolicy}: calls fail. Final. */
  DISCONNECTED
}
