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

  /** False where it is certain that the request was not sent. */
  private final boolean mayHaveReachedPeer;

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
    this(status, method, detail, cause, true);
  }

  private RpcException(
      RpcStatus status,
      @Nullable String method,
      String detail,
      @Nullable Throwable cause,
      boolean mayHaveReachedPeer) {
    super((method == null ? "" : method + ": ") + status + ": " + detail, cause);
    if (status == RpcStatus.SUCCESS) {
      throw new IllegalArgumentException("status: SUCCESS (expected: a failure)");
    }
    this.status = status;
    this.method = method;
    this.detail = detail;
    this.mayHaveReachedPeer = mayHaveReachedPeer;
  }

  /**
   * For callers: what became of a call of which nothing was sent.
   *
   * @param status how the call ended; not {@link RpcStatus#SUCCESS}
   * @param method the name of the method that was called, or null
   * @param detail what happened
   * @param cause what made the call fail, or null
   * @return the exception, of which {@link #mayHaveReachedPeer()} is false
   */
  public static RpcException notSent(
      RpcStatus status, @Nullable String method, String detail, @Nullable Throwable cause) {
    return new RpcException(status, method, detail, cause, false);
  }

  /**
   * The same failure for a thread that waited for it, with the stack of that thread.
   *
   * @return a new exception, which this one is the cause of
   */
  public RpcException rethrown() {
    return new RpcException(status, method, detail, this, mayHaveReachedPeer);
  }

  /** What an interceptor says of a call, with the method's name. */
  RpcException ofCall(MethodDescriptor called, boolean wasSent) {
    return method != null
        ? this
        : new RpcException(status, called.name(), detail, this, wasSent && mayHaveReachedPeer);
  }

  /** The same failure, with something to know about it. */
  RpcException noted(String note) {
    RpcException noted =
        new RpcException(
            status, method, detail + " (" + note + ")", getCause(), mayHaveReachedPeer);
    noted.setStackTrace(getStackTrace());
    return noted;
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

  /**
   * Whether the peer may have got the request, or a part of it, so that its handler may have run.
   *
   * @return false only where it is certain that nothing was sent: then the call can be made again,
   *     whatever it does
   */
  public boolean mayHaveReachedPeer() {
    return mayHaveReachedPeer;
  }
}
