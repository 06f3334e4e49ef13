package io.muxio.core.rpc;

import io.muxio.core.frame.ProtocolException;

/** What an {@link RpcSession} asks and tells its owner, on the connection's thread. */
interface RpcStreamAcceptor extends Extension.Listener {
  /**
   * An inbound stream's header has come.
   *
   * @param header the acceptor owns its metadata
   * @return gets the rest of the stream; {@link RpcStreamListener#DISCARD} to drop it
   * @throws ProtocolException (stream scope) to fail the stream
   */
  RpcStreamListener onStream(RpcHeader header);

  /** The peer's generation has become known: from now on streams can be written. */
  void onWritable();

  /**
   * A stream failed; its listener, if it has one, was told before.
   *
   * @param streamId an unsigned number
   * @param cause of stream scope
   */
  void onStreamFailure(int streamId, ProtocolException cause);
}
