package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.RpcError;
import io.muxio.rpc.service.RpcException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What the caller gets of a handler's failure. Only an {@link RpcException} was meant for it; of
 * the rest it learns no detail unless the endpoint says so.
 *
 * @param status the outcome
 * @param body the error; owned by who made this
 * @param unexpected whether the failure belongs in the log
 */
record FailureBody(ResponseStatus status, ByteBuf body, boolean unexpected) {
  private static final int MAX_DEPTH = 16;
  private static final String INTERNAL_ERROR = "internal error";

  static FailureBody of(Throwable failure, boolean exposeErrors, ByteBufAllocator allocator) {
    Throwable cause = unwrap(failure);
    // One that names a method comes from a call that the handler made, and was meant for the
    // handler.
    if (cause instanceof RpcException chosen && chosen.method() == null) {
      ByteBuf body = RpcError.of(chosen.status(), chosen.detail()).encode(allocator);
      return new FailureBody(chosen.status().onWire(), body, false);
    }
    String text = exposeErrors ? textOf(cause) : INTERNAL_ERROR;
    ByteBuf body = ByteBufUtil.writeUtf8(allocator, text);
    return new FailureBody(ResponseStatus.SYSTEM_ERROR, body, true);
  }

  private static String textOf(Throwable cause) {
    try {
      return cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    } catch (RuntimeException e) {
      return INTERNAL_ERROR; // an exception that cannot even tell its message
    }
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      boolean wraps = cause instanceof CompletionException || cause instanceof ExecutionException;
      if (!wraps || cause.getCause() == null) {
        return cause;
      }
      cause = cause.getCause();
    }
    return cause;
  }
}
