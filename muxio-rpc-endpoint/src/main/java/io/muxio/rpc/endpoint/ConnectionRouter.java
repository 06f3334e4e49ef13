package io.muxio.rpc.endpoint;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.InboundRouter;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.rpc.service.MethodId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** The calls of one connection to their methods. Used on the connection's thread only. */
final class ConnectionRouter implements InboundRouter {
  private final MethodTable methods;
  private final boolean exposeErrors;
  private final EndpointHost host;
  private final PeerLog log;

  ConnectionRouter(MethodTable methods, boolean exposeErrors, EndpointHost host) {
    this.methods = methods;
    this.exposeErrors = exposeErrors;
    this.host = host;
    this.log = new PeerLog(host.connection());
  }

  @Override
  public RpcStreamListener onCall(InboundCall call, ByteBuf metadata) {
    Registration<?, ?> registration = methods.find(call.methodId());
    if (registration == null) {
      metadata.release();
      call.respond(ResponseStatus.METHOD_NOT_FOUND, Unpooled.EMPTY_BUFFER);
      log.report("call of unknown method", MethodId.toString(call.methodId()));
      return RpcStreamListener.DISCARD;
    }
    return begin(registration, call, metadata);
  }

  private <Q, R> RpcStreamListener begin(
      Registration<Q, R> registration, InboundCall call, ByteBuf metadata) {
    UnaryCall<Q, R> unary = new UnaryCall<>(registration, call, host, log, exposeErrors);
    try {
      unary.onParameters(metadata);
    } catch (ProtocolException e) {
      unary.onFailure(e);
      log.report("call of " + registration.method().name() + " refused", e.getMessage());
      return RpcStreamListener.DISCARD;
    }
    return unary;
  }

  @Override
  public void onRefused(InboundCall call, ProtocolException cause) {
    String text = String.valueOf(cause.getMessage());
    call.respond(ResponseStatus.SYSTEM_ERROR, ByteBufUtil.writeUtf8(host.allocator(), text));
    log.report("call refused", text);
  }

  @Override
  public void onStreamFailure(int streamId, ProtocolException cause) {
    log.report("stream " + Integer.toUnsignedString(streamId) + " dropped", cause.getMessage());
  }
}
