package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.ApplicationException;
import io.muxio.rpc.service.MethodDescriptor;
import io.muxio.rpc.service.RpcError;
import io.muxio.rpc.service.RpcException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What the caller gets of a handler's failure. Only an {@link RpcException} and an {@link
 * ApplicationException} were meant for it; of the rest it learns no detail unless the endpoint says
 * so.
 *
 * @param status the outcome
 * @param body the error; owned by who made this
 * @param origin how the failure came about, which says how it is logged
 */
record FailureBody(ResponseStatus status, ByteBuf body, Origin origin) {
  /** How a failure came about. */
  enum Origin {
    /** The handler chose to answer so. */
    CHOSEN,
    /** A call that the handler made has failed, perhaps because its own caller wanted it to. */
    CALL,
    /** Nobody has thought of it. */
    UNEXPECTED
  }

  private static final int MAX_DEPTH = 16;
  private static final String INTERNAL_ERROR = "internal error";

  static FailureBody of(
      Throwable failure,
      MethodDescriptor method,
      boolean exposeErrors,
      ByteBufAllocator allocator) {
    Throwable cause = unwrap(failure);
    if (cause instanceof ApplicationException application) {
      try {
        ByteBuf body = RpcError.encode(application, method, allocator);
        return new FailureBody(ResponseStatus.FAIL, body, Origin.CHOSEN);
      } catch (RuntimeException | Error e) {
        cause.addSuppressed(e); // for the log: its data cannot be encoded
      }
    }
    // One that names a method was meant for the handler, not for the handler's caller.
    if (cause instanceof RpcException chosen && chosen.method() == null) {
      ByteBuf body =
          chosen.isPlain()
              ? ByteBufUtil.writeUtf8(allocator, chosen.detail())
              : RpcError.of(chosen.status(), chosen.detail()).encode(allocator);
      return new FailureBody(chosen.status().onWire(), body, Origin.CHOSEN);
    }
    Origin origin = cause instanceof RpcException ? Origin.CALL : Origin.UNEXPECTED;
    String text = exposeErrors ? textOf(cause) : INTERNAL_ERROR;
    ByteBuf body = ByteBufUtil.writeUtf8(allocator, text);
    return new FailureBody(ResponseStatus.SYSTEM_ERROR, body, origin);
  }

  private static String textOf(Throwable cause) {
    try {
      return cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    } catch (RuntimeException e) {
      return INTERNAL_ERROR; // an exception that cannot even tell its message
    }
  }

  /** What a stage failed with, without what it was wrapped in. */
  static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      Throwable inner = cause.getCause();
      boolean wraps = cause instanceof CompletionException || cause instanceof ExecutionException;
      if (inner == null || !(wraps || isOfStream(cause, inner))) {
        return cause;
      }
      cause = inner;
    }
    return cause;
  }

  /** What the streams of {@code java.io} over a call's chunks make of its end. */
  private static boolean isOfStream(Throwable cause, Throwable inner) {
    return cause instanceof IOException && inner instanceof RpcException;
  }
}
