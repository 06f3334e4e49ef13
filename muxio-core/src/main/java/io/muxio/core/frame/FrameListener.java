package io.muxio.core.frame;

import io.netty.buffer.ByteBuf;

/** What a {@link FrameDecoder} tells, on the thread that feeds it. */
@FunctionalInterface
public interface FrameListener {
  /**
   * A whole frame has come.
   *
   * @param streamId the stream it belongs to, an unsigned number
   * @param sequence its place in the stream, an unsigned number; the decoder has not checked it
   * @param kind what it does
   * @param payload the readable bytes are the frame's payload; lent until this method returns, so
   *     what is to outlive it must be copied or be a retained slice
   */
  void onFrame(int streamId, int sequence, FrameKind kind, ByteBuf payload);
}
