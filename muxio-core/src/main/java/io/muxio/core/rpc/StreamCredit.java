package io.muxio.core.rpc;

/**
 * Tells the peer how much of one of its streams was taken, so that it may send more. Used on the
 * connection's thread only.
 */
final class StreamCredit {
  private final RpcSession session;
  private final int requestId;
  private long untold;
  private boolean ended;

  /**
   * Makes the credit of a stream of which nothing was taken.
   *
   * @param session of the connection
   * @param requestId the call that the stream belongs to
   */
  StreamCredit(RpcSession session, int requestId) {
    this.session = session;
    this.requestId = requestId;
  }

  /** Counts what was taken or dropped, by the cost of {@link StreamWindow#costOf}. */
  void onTaken(long cost) {
    untold += cost;
    if (!ended && untold >= session.creditFrom()) {
      session.extension().sendCredit(requestId, untold);
      untold = 0;
    }
  }

  /** The stream is over: its sender waits for nothing. */
  void end() {
    ended = true;
  }
}
