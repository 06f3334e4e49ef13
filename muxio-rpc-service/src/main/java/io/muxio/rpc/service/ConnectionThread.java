package io.muxio.rpc.service;

import java.util.concurrent.Executor;

/**
 * The one thread of a connection. As an executor it runs tasks there, at once where called on it,
 * and sends what they wrote; it runs every task that it accepts, also when the connection has
 * ended.
 */
public interface ConnectionThread extends Executor {
  /**
   * Whether the caller is on it.
   *
   * @return true on the connection's thread
   */
  boolean isCurrent();

  /**
   * Whether the peer reads as fast as we send. On the connection's thread only.
   *
   * @return false while what is written would wait in memory
   */
  boolean isWritable();

  /**
   * Asks for a turn to write. On the connection's thread only.
   *
   * @param task runs once, on the connection's thread, behind those that have asked before, when
   *     {@link #isWritable()}; not at all where the connection ends first. It writes one chunk, and
   *     asks again where it has more
   */
  void whenWritable(Runnable task);

  /**
   * How many bytes may still be written before so many wait for the peer that the connection is
   * given up. Whoever writes something whole looks first, and refuses it where there is no room. On
   * the connection's thread only.
   *
   * @return bytes; negative where more wait already
   */
  long outboundRoom();
}
