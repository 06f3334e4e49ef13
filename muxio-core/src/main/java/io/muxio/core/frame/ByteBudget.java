package io.muxio.core.frame;

/**
 * Counts the bytes that one connection holds on behalf of its peer and refuses more than a limit.
 * Used on the connection's thread only.
 */
public final class ByteBudget {
  private final long limit;
  private long used;

  /**
   * Makes a budget of which nothing is used.
   *
   * @param limit how many bytes may be held at once
   */
  public ByteBudget(long limit) {
    this.limit = limit;
  }

  /**
   * Takes bytes out of the budget before the memory is taken.
   *
   * @param bytes how many, 0 or more
   * @throws ProtocolException (stream scope, {@link ProtocolException.Reason#BUFFER_FULL}) where
   *     the limit would be passed; nothing is taken then
   */
  public void reserve(long bytes) {
    if (bytes > limit - used) {
      throw ProtocolException.stream(
          ProtocolException.Reason.BUFFER_FULL,
          "connection buffers full: "
              + used
              + " + "
              + bytes
              + " bytes, limit "
              + limit
              + " (maxBufferedBytes)");
    }
    used += bytes;
  }

  /**
   * Gives bytes back.
   *
   * @param bytes as many as were reserved
   */
  public void release(long bytes) {
    used -= bytes;
    assert used >= 0 : "released " + -used + " bytes more than were reserved";
  }

  /**
   * The bytes in use.
   *
   * @return 0 to the limit
   */
  public long used() {
    return used;
  }
}
