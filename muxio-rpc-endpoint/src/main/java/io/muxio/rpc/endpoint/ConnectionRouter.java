package io.muxio.rpc.endpoint;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.InboundRouter;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.rpc.service.MethodId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The calls of one connection to their methods. Used on the connection's thread only. */
final class ConnectionRouter implements InboundRouter {
  private final MethodTable methods;
  private final ServedConnection served;

  ConnectionRouter(MethodTable methods, ServedConnection served) {
    this.methods = methods;
    this.served = served;
  }

  @Override
  public RpcStreamListener onCall(InboundCall call, ByteBuf metadata) {
    Registration registration = methods.find(call.methodId());
    if (registration == null) {
      metadata.release();
      call.respond(ResponseStatus.METHOD_NOT_FOUND, Unpooled.EMPTY_BUFFER);
      served.log().report("call of unknown method", MethodId.toString(call.methodId()));
      return RpcStreamListener.DISCARD;
    }
    return registration.begin(call, metadata, served);
  }

  @Override
  public void onRefused(InboundCall call, ProtocolException cause) {
    String text = String.valueOf(cause.getMessage());
    if (cause.reason() == ProtocolException.Reason.METADATA_TOO_LARGE) {
      call.respond(ResponseStatus.SYSTEM_ERROR, served.text(text)); // the next time, too
    } else {
      served.refuse(call, Refusal.of(text));
    }
    if (cause.reason() == ProtocolException.Reason.CLOSING) {
      return; // nothing that anybody has to know of
    }
    served.log().report("call refused", text);
  }

  @Override
  public void onStreamFailure(int streamId, ProtocolException cause) {
    served
        .log()
        .report("stream " + Integer.toUnsignedString(streamId) + " dropped", cause.getMessage());
  }

  @Override
  public void onClosed() {
    served.receiving().close();
    served.running().close();
  }
}
