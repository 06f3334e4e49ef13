package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.rpc.service.MethodDescriptor;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.stream.Stream;

/** A method and who serves it. */
sealed interface Registration permits UnaryRegistration, StreamRegistration {
  MethodDescriptor method();

  ExecutionMode mode();

  /** The first is the outermost. */
  List<HandlerInterceptor> interceptors();

  /** The same behind further interceptors. */
  Registration behind(List<HandlerInterceptor> outer);

  /** Both lists in one. */
  static List<HandlerInterceptor> join(
      List<HandlerInterceptor> outer, List<HandlerInterceptor> inner) {
    return Stream.concat(outer.stream(), inner.stream()).toList();
  }

  /**
   * A call of the method has begun; on the connection's thread.
   *
   * @param metadata came with its header; taken over
   * @return gets the rest of the request
   */
  RpcStreamListener begin(InboundCall call, ByteBuf metadata, ServedConnection connection);
}
