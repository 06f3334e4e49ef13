package io.muxio.rpc.typed;

import io.muxio.rpc.service.ApplicationException;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import org.jspecify.annotations.Nullable;

/** What a stub throws of what a call failed with. */
final class StubFailures {
  private StubFailures() {}

  /** The error of the application that the method declares, where it is one. */
  static Throwable declared(Throwable failure) {
    return failure instanceof RpcException answer
            && answer.status() == RpcStatus.FAIL
            && answer.getCause() instanceof ApplicationException declared
        ? declared
        : failure;
  }

  /** The same, with the stack of the thread that called. */
  static Throwable thrownHere(Throwable failure) {
    Throwable cause = declared(failure);
    return cause instanceof RpcException answer
        ? here(answer, answer.method())
        : cause.fillInStackTrace();
  }

  /** The same failure, named, with the stack of the thread that calls this method. */
  static RpcException here(RpcException failure, @Nullable String method) {
    return failure.named(method);
  }
}
