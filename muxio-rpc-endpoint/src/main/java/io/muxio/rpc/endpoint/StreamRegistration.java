package io.muxio.rpc.endpoint;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A streaming method and who serves it: exactly one of the two handlers is set. */
record StreamRegistration(
    StreamMethod method,
    @Nullable StreamHandler blocking,
    @Nullable AsyncStreamHandler async,
    ExecutionMode mode,
    List<HandlerInterceptor> interceptors)
    implements Registration {

  StreamRegistration(
      StreamMethod method,
      @Nullable StreamHandler blocking,
      @Nullable AsyncStreamHandler async,
      ExecutionMode mode) {
    this(method, blocking, async, mode, List.of());
  }

  @Override
  public Registration behind(List<HandlerInterceptor> outer) {
    return new StreamRegistration(
        method, blocking, async, mode, Registration.join(outer, interceptors));
  }

  @Override
  public RpcStreamListener begin(InboundCall call, ByteBuf metadata, ServedConnection connection) {
    StreamingCall streaming = new StreamingCall(this, call, connection);
    try {
      streaming.onParameters(metadata);
    } catch (ProtocolException e) {
      streaming.refuse(e);
      connection.log().report("call of " + method.name() + " refused", e.getMessage());
      return RpcStreamListener.DISCARD;
    }
    streaming.start();
    return streaming;
  }

  /**
   * Runs the handler; the answer has ended or is being written by a publisher afterwards.
   *
   * @return done when the answer has left
   */
  CompletionStage<Void> invoke(ChunkReader request, ChunkWriter response, StreamContext call)
      throws Exception {
    if (blocking != null) {
      blocking.handle(request, response, call);
      return response.end();
    }
    assert async != null : "a registration without a handler";
    Flow.Publisher<? extends ByteBuf> answer = async.handle(request, call);
    if (answer == null) {
      throw new NullPointerException("the handler returned null (expected: a Flow.Publisher)");
    }
    return response.writeAll(answer);
  }
}
