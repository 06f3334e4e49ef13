package io.muxio.core.rpc;

/**
 * Gets the answer to a call: its header, then the rest of the stream. Where no answer comes, only
 * {@link #onFailure} is called. On the connection's thread.
 */
public interface ResponseListener extends RpcStreamListener {
  /**
   * The answer has begun. Called again where a failure takes the place of an answer that has begun
   * and will not be completed; what came of that one is void.
   *
   * @param header the metadata is the status byte, see {@link ResponseStatus#of}; the listener owns
   *     it
   * @throws io.muxio.core.frame.ProtocolException (stream scope) to fail the call: {@link
   *     #onFailure} gets it, and the rest of the answer is dropped
   */
  void onHeader(RpcHeader header);

  /**
   * A streaming request can be sent from now on. Only called where {@link
   * PendingCall#isRequestOpen} was false when the call was made, because the peer's generation was
   * not known.
   */
  default void onRequestOpen() {}
}
