package io.muxio.netty.client;

import io.muxio.netty.ConnectionHandler;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.RpcStatus;
import org.jspecify.annotations.Nullable;

/** A call that waits for a connection. Used on the client's event loop only. */
interface QueuedCall {
  /** How it is made. */
  CallOptions options();

  /** How much it holds while it waits; always the same. */
  long waitingBytes();

  /** There is a connection: sends the call. */
  void sendBy(ConnectionHandler connection);

  /** There will be none for this call. */
  void refuse(RpcStatus status, String detail, @Nullable Throwable cause);
}
