package io.muxio.core.rpc;

import io.muxio.core.frame.ProtocolException;
import io.netty.buffer.ByteBuf;

/** Where the calls of the peer go, on the connection's thread. */
public interface InboundRouter {
  /**
   * A call has begun.
   *
   * @param call its identity, and the way to answer it
   * @param metadata what came in its header; the router owns it
   * @return gets the request's body; {@link RpcStreamListener#DISCARD} where it is not wanted,
   *     which is right after the call was answered
   * @throws ProtocolException (stream scope) to drop the call without an answer
   */
  RpcStreamListener onCall(InboundCall call, ByteBuf metadata);

  /**
   * A call is refused because a limit is passed. The router answers it.
   *
   * @param call the call
   * @param cause names the limit
   */
  void onRefused(InboundCall call, ProtocolException cause);

  /**
   * A stream was dropped for an error of its own. Its call, if it had one, was told before.
   *
   * @param streamId the peer's stream, an unsigned number
   * @param cause what was wrong
   */
  void onStreamFailure(int streamId, ProtocolException cause);

  /** The connection has ended; every call has been told. Nothing more is called. */
  default void onClosed() {}
}
