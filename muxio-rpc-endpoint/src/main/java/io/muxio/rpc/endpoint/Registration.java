package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.RpcMethod;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A method and who serves it: exactly one of the two handlers is set. */
record Registration<Q, R>(
    RpcMethod<Q, R> method,
    @Nullable UnaryHandler<Q, R> blocking,
    @Nullable AsyncUnaryHandler<Q, R> async,
    ExecutionMode mode) {

  /** Runs the handler; tells the call of the outcome now or later. */
  void invoke(Q request, UnaryCall<Q, R> call) throws Exception {
    if (blocking != null) {
      call.succeed(blocking.handle(request, call));
      return;
    }
    assert async != null : "a registration without a handler";
    CompletionStage<R> answer = async.handle(request, call);
    if (answer == null) {
      throw new NullPointerException("the handler returned null (expected: a CompletionStage)");
    }
    answer.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            call.fail(failure);
          } else {
            call.succeed(value);
          }
        });
  }
}
