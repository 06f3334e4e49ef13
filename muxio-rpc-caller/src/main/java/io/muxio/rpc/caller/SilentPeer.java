package io.muxio.rpc.caller;

import io.muxio.core.frame.FrameFormat;
import io.muxio.core.rpc.RpcSession;

/** Tells a peer that may not understand us from one that is slow. */
final class SilentPeer {
  private SilentPeer() {}

  /**
   * What a call is told beside that no answer has come; on the connection's thread.
   *
   * @param session of the connection
   * @return empty where the peer has sent anything, and so speaks our generation
   */
  static String hint(RpcSession session) {
    FrameFormat spoken = session.format();
    if (spoken == null || session.hasReceived()) {
      return "";
    }
    return "; the peer has not sent a frame yet: it is slow, or does not speak "
        + spoken
        + " (expected: the builder's format() is what the peer speaks, one of "
        + FrameFormat.GENERATION_13
        + " and "
        + FrameFormat.GENERATION_21
        + ")";
  }
}
