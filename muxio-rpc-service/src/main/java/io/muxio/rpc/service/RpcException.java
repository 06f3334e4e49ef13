package io.muxio.rpc.service;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A call that did not succeed. A handler throws it to choose the status and the text that the
 * caller gets; a caller gets it with the method's name.
 */
public final class RpcException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** How the call ended. */
  private final RpcStatus status;

  /** The method that was called, where known. */
  private final @Nullable String method;

  /** What the callee said, or what happened. */
  private final String detail;

  /**
   * For handlers: the status and text of the answer.
   *
   * @param status how the call ends; not {@link RpcStatus#SUCCESS}
   * @param detail the text that the caller gets; null is taken for an empty text, so that an
   *     exception's message can be passed on
   */
  public RpcException(RpcStatus status, @Nullable String detail) {
    this(status, null, detail == null ? "" : detail, null);
  }

  /**
   * For callers: what became of a call.
   *
   * @param status how the call ended; not {@link RpcStatus#SUCCESS}
   * @param method the name of the method that was called, or null
   * @param detail what the callee said, or what happened
   * @param cause what made the call fail, or null
   */
  public RpcException(
      RpcStatus status, @Nullable String method, String detail, @Nullable Throwable cause) {
    super((method == null ? "" : method + ": ") + status + ": " + detail, cause);
    if (status == RpcStatus.SUCCESS) {
      throw new IllegalArgumentException("status: SUCCESS (expected: a failure)");
    }
    this.status = status;
    this.method = method;
    this.detail = detail;
  }

  /**
   * How the call ended.
   *
   * @return not {@link RpcStatus#SUCCESS}
   */
  public RpcStatus status() {
    return status;
  }

  /**
   * The method that was called.
   *
   * @return its name, or null where the exception was made by a handler
   */
  public @Nullable String method() {
    return method;
  }

  /**
   * What the callee said, or what happened.
   *
   * @return the text without status and method
   */
  public String detail() {
    return detail;
  }
}
