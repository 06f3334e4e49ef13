package io.muxio.rpc.endpoint;

/** Where a handler runs. */
public enum ExecutionMode {
  /** On the handler executor; may block. */
  EXECUTOR,
  /**
   * On the connection's event loop: the fastest for a handler that never blocks. One that does
   * holds up every connection of that loop.
   */
  EVENT_LOOP
}
