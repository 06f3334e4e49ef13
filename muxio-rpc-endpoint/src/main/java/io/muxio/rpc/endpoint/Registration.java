package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.rpc.service.MethodDescriptor;
import io.netty.buffer.ByteBuf;

/** A method and who serves it. */
sealed interface Registration permits UnaryRegistration, StreamRegistration {
  MethodDescriptor method();

  ExecutionMode mode();

  /**
   * A call of the method has begun; on the connection's thread.
   *
   * @param metadata came with its header; taken over
   * @return gets the rest of the request
   */
  RpcStreamListener begin(InboundCall call, ByteBuf metadata, ServedConnection connection);
}
