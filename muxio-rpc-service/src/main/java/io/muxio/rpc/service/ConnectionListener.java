package io.muxio.rpc.service;

/**
 * Is told what happens to connections, never on an event loop. The events of one connection come
 * one after the other, in this order and once each:
 *
 * <pre>
 *   onConnecting → onConnected → [onError] → onDisconnecting → onDisconnected
 *   onConnecting → [onError] → onDisconnected                  where the handshake fails
 * </pre>
 *
 * Whatever happens, each {@code onConnecting} is followed by one {@code onDisconnected}.
 *
 * <p>The events follow what they tell of, so {@link RpcConnection#state()} may be further along. A
 * listener that blocks delays the events of its connection and nothing else; what it throws is
 * logged. The {@link RpcConnection} is the same object in all events.
 */
public interface ConnectionListener {
  /**
   * A client's socket was accepted, or one to a server is open; the handshake is to come.
   *
   * @param connection the new connection
   */
  default void onConnecting(RpcConnection connection) {}

  /**
   * The handshake is done: the peer can be called. Its own calls do not wait for the listener: a
   * handler may run before this method has returned. What handlers need from the first call on is
   * set as an attribute of the channel by a Netty handler before the upgrade, see {@link
   * RpcConnection#attr}.
   *
   * @param connection the connection
   */
  default void onConnected(RpcConnection connection) {}

  /**
   * The connection ends, and not because either end said so: the handshake failed or took too long,
   * the peer broke the protocol or a limit, was silent, or is gone, or there is a bug on this end.
   * Published clients that just exit come here too, and so do probes that only look whether the
   * port is open.
   *
   * @param connection the connection
   * @param cause why it ends
   */
  default void onError(RpcConnection connection, Throwable cause) {}

  /**
   * The connection is being closed; its calls, of both directions, fail.
   *
   * @param connection the connection
   */
  default void onDisconnecting(RpcConnection connection) {}

  /**
   * The socket is closed.
   *
   * @param connection the connection
   */
  default void onDisconnected(RpcConnection connection) {}
}
