package io.muxio.testkit;

/**
 * What one end of a connection holds at a moment. When no call is running all of it is zero.
 *
 * @param inboundCalls calls of the peer that have not been answered
 * @param pendingCalls calls to the peer that wait for their answer
 * @param openStreams inbound streams that have not ended
 * @param bufferedBytes bytes held for the peer
 */
public record Usage(int inboundCalls, int pendingCalls, int openStreams, long bufferedBytes) {
  /** What an end holds that has nothing to do. */
  public static final Usage ZERO = new Usage(0, 0, 0, 0);
}
