package io.muxio.netty.client;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How much the requests hold that wait for a connection of one client. Safe on any thread. */
final class WaitingBytes {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  /**
   * Nothing waits yet.
   *
   * @param limit how many bytes may wait together
   */
  WaitingBytes(long limit) {
    this.limit = limit;
  }

  /**
   * Takes room for what is to wait.
   *
   * @param bytes zero or more
   * @return null, or why there is no room; none is taken then
   */
  @Nullable String take(long bytes) {
    long before = used.getAndAdd(bytes);
    if (before + bytes <= limit) {
      return null;
    }
    used.addAndGet(-bytes);
    return before
        + " bytes wait for a connection, "
        + bytes
        + " more would pass the limit "
        + limit
        + " (maxWaitingBytes)";
  }

  /** What was taken waits no more. */
  void give(long bytes) {
    used.addAndGet(-bytes);
  }
}
