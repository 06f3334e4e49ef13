package io.muxio.core.rpc;

import io.muxio.core.frame.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Gets what follows an inbound stream's RPC header, on the connection's thread: payload in order,
 * then exactly one of end, cancel and failure. The listener of a call that waits for its answer
 * hears of the connection's end also after the end of its request.
 */
public interface RpcStreamListener {
  /** Takes no interest in the stream: what is still to come is dropped. */
  RpcStreamListener DISCARD =
      new RpcStreamListener() {
        @Override
        public void onPayload(ByteBuf payload) {
          payload.release();
        }

        @Override
        public void onEnd() {}

        @Override
        public void onCancel() {}

        @Override
        public void onFailure(Throwable cause) {}
      };

  /**
   * The next bytes of the stream, never empty. Where they were cut means nothing.
   *
   * @param payload the listener owns it
   * @throws ProtocolException (stream scope) to fail the stream: {@link #onFailure} gets it, and
   *     the rest of the stream is dropped
   */
  void onPayload(ByteBuf payload);

  /** The stream is complete. */
  void onEnd();

  /** The peer voided the stream. */
  void onCancel();

  /**
   * The stream will not be completed.
   *
   * @param cause a {@link ProtocolException} of the stream, or what ended the connection
   */
  void onFailure(Throwable cause);

  /**
   * The peer's reader has taken some of the stream that goes the other way, so that more of it may
   * be sent: of an answer to this request, or of the request that this answers. Called also where
   * that is over; only by a peer that speaks the extension.
   */
  default void onCredit() {}

  /**
   * Whether anybody still waits for the stream. Published callees never end an answer whose call
   * was cancelled, so an answer that nobody waits for is the first to lose its place where {@link
   * io.muxio.core.frame.CoreLimits#maxStreams()} are open.
   *
   * @return false where what comes is only dropped
   */
  default boolean isInterested() {
    return true;
  }
}
