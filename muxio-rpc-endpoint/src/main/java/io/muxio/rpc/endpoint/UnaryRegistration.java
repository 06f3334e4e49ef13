package io.muxio.rpc.endpoint;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A unary method and who serves it: exactly one of the two handlers is set. */
record UnaryRegistration<Q, R>(
    RpcMethod<Q, R> method,
    @Nullable UnaryHandler<Q, R> blocking,
    @Nullable AsyncUnaryHandler<Q, R> async,
    ExecutionMode mode,
    List<HandlerInterceptor> interceptors)
    implements Registration {

  UnaryRegistration(
      RpcMethod<Q, R> method,
      @Nullable UnaryHandler<Q, R> blocking,
      @Nullable AsyncUnaryHandler<Q, R> async,
      ExecutionMode mode) {
    this(method, blocking, async, mode, List.of());
  }

  @Override
  public Registration behind(List<HandlerInterceptor> outer) {
    return new UnaryRegistration<>(
        method, blocking, async, mode, Registration.join(outer, interceptors));
  }

  @Override
  public RpcStreamListener begin(InboundCall call, ByteBuf metadata, ServedConnection connection) {
    UnaryCall<Q, R> unary = new UnaryCall<>(this, call, connection);
    try {
      unary.onParameters(metadata);
    } catch (ProtocolException e) {
      unary.onFailure(e);
      connection.log().report("call of " + method.name() + " refused", e.getMessage());
      return RpcStreamListener.DISCARD;
    }
    return unary;
  }

  /**
   * Runs the handler; tells of the outcome now or later.
   *
   * @return what the handler completes later; null where it has told all there is
   */
  @Nullable CompletionStage<R> invoke(Q request, CallContext call, HandlerOutcome<R> outcome)
      throws Exception {
    if (blocking != null) {
      outcome.succeed(blocking.handle(request, call));
      return null;
    }
    assert async != null : "a registration without a handler";
    CompletionStage<R> answer = async.handle(request, call);
    if (answer == null) {
      throw new NullPointerException("the handler returned null (expected: a CompletionStage)");
    }
    answer.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            outcome.fail(failure);
          } else {
            outcome.succeed(value);
          }
        });
    return answer;
  }
}
