package io.muxio.rpc.service;

/** Where a connection is in its life. It goes through these in order and may leave some out. */
public enum ConnectionState {
  /** The socket is there, the WebSocket handshake is not done: nothing can be called yet. */
  CONNECTING,
  /** Calls go both ways. */
  CONNECTED,
  /** One end has said that it closes, or is known to be gone: calls fail. */
  DISCONNECTING,
  /** The socket is closed. Final. */
  DISCONNECTED
}
