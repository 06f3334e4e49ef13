package io.muxio.rpc.service;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
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

  /** What else is known of it. */
  private final Facts facts;

  /**
   * What only some failures say.
   *
   * @param mayHaveReachedPeer false where it is certain that no handler of the peer has run
   * @param plain whether the text goes out without the structure of an error
   * @param retryAfter when the callee wants the call to be made again, where it says so
   * @param metadata what travels beside the failure
   */
  private record Facts(
      boolean mayHaveReachedPeer, boolean plain, @Nullable Duration retryAfter, Metadata metadata)
      implements Serializable {
    private static final Facts NONE = new Facts(true, false, null, Metadata.EMPTY);
    private static final Facts NOT_SENT = new Facts(false, false, null, Metadata.EMPTY);
    private static final Facts PLAIN = new Facts(true, true, null, Metadata.EMPTY);
  }

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
    this(status, method, detail, cause, Facts.NONE);
  }

  private RpcException(
      RpcStatus status,
      @Nullable String method,
      String detail,
      @Nullable Throwable cause,
      Facts facts) {
    super((method == null ? "" : method + ": ") + status + ": " + detail, cause);
    if (status == RpcStatus.SUCCESS) {
      throw new IllegalArgumentException("status: SUCCESS (expected: a failure)");
    }
    this.status = status;
    this.method = method;
    this.detail = detail;
    this.facts = facts;
  }

  /**
   * For handlers: a system error whose text goes to the caller as it is, to be used where published
   * Rust or Python clients call. Callers of this project see no difference. Published Rust and
   * Python callers show the bytes of a system error as text: with {@link #RpcException(RpcStatus,
   * String)} theirs has two characters of the error's structure in front, with this one it has not.
   *
   * @param detail the text that the caller gets; null is taken for an empty text
   * @return an exception with {@link RpcStatus#SYSTEM_ERROR}
   */
  public static RpcException plainSystemError(@Nullable String detail) {
    String text = detail == null ? "" : detail;
    return new RpcException(RpcStatus.SYSTEM_ERROR, null, text, null, Facts.PLAIN);
  }

  /**
   * For handlers that have not begun with their work, because there is too much of it: the call may
   * be made again.
   *
   * @param detail the text that the caller gets
   * @param retryAfter when to make it again, zero or more; null where that is not known
   * @return an exception with {@link RpcStatus#OVERLOADED}
   * @throws IllegalArgumentException where the time is negative
   */
  public static RpcException overloaded(String detail, @Nullable Duration retryAfter) {
    return overloaded(null, detail, retryAfter);
  }

  /**
   * For callers: what became of a call that the callee refused before its handler ran.
   *
   * @param method the name of the method that was called, or null
   * @param detail what the callee said
   * @param retryAfter when the callee wants it to be made again, zero or more; null where it has
   *     not said
   * @return an exception with {@link RpcStatus#OVERLOADED}
   * @throws IllegalArgumentException where the time is negative
   */
  public static RpcException overloaded(
      @Nullable String method, String detail, @Nullable Duration retryAfter) {
    if (retryAfter != null && retryAfter.isNegative()) {
      throw new IllegalArgumentException("retryAfter: " + retryAfter + " (expected: 0 or more)");
    }
    Facts facts = new Facts(false, false, retryAfter, Metadata.EMPTY);
    return new RpcException(RpcStatus.OVERLOADED, method, detail, null, facts);
  }

  /**
   * For callers: what became of a call of which nothing was sent, or that the peer has refused and
   * says of it that its handler has not run.
   *
   * @param status how the call ended; not {@link RpcStatus#SUCCESS}
   * @param method the name of the method that was called, or null
   * @param detail what happened
   * @param cause what made the call fail, or null
   * @return the exception, of which {@link #mayHaveReachedPeer()} is false
   */
  public static RpcException notSent(
      RpcStatus status, @Nullable String method, String detail, @Nullable Throwable cause) {
    return new RpcException(status, method, detail, cause, Facts.NOT_SENT);
  }

  /**
   * The same failure for a thread that waited for it, with the stack of that thread.
   *
   * @return a new exception, which this one is the cause of
   */
  public RpcException rethrown() {
    return new RpcException(status, method, detail, this, facts);
  }

  /**
   * The same failure with more about it. For handlers: travels beside the failure, to a caller that
   * speaks the extension muxio.x1.
   *
   * <pre>{@code
   * throw new RpcException(RpcStatus.FAIL, "quota used up")
   *     .withMetadata(Metadata.of("quota-resets-at", "2027-01-01T00:00:00Z"));
   * }</pre>
   *
   * @param metadata takes the place of what there is
   * @return a new exception with the same cause and stack
   */
  public RpcException withMetadata(Metadata metadata) {
    Objects.requireNonNull(metadata, "metadata");
    Facts more = new Facts(mayHaveReachedPeer(), isPlain(), retryAfter(), metadata);
    return copy(detail, more);
  }

  /**
   * The same failure as one of a method, with the stack of the thread that calls this.
   *
   * @param of the method's name, or null
   * @return a new exception with the same cause
   */
  public RpcException named(@Nullable String of) {
    return new RpcException(status, of, detail, getCause(), facts);
  }

  private RpcException copy(String text, Facts known) {
    RpcException copy = new RpcException(status, method, text, getCause(), known);
    copy.setStackTrace(getStackTrace());
    return copy;
  }

  /** What an interceptor says of a call, with the method's name. */
  RpcException ofCall(MethodDescriptor called, boolean wasSent) {
    if (method != null) {
      return this;
    }
    Facts ofCall = new Facts(wasSent && mayHaveReachedPeer(), isPlain(), retryAfter(), metadata());
    return new RpcException(status, called.name(), detail, this, ofCall);
  }

  /** The same failure, with something to know about it. */
  RpcException noted(String note) {
    return copy(detail + " (" + note + ")", facts);
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
   * Whether the text goes to a caller without the structure of an error, see {@link
   * #plainSystemError}.
   *
   * @return false unless the exception was made so
   */
  public boolean isPlain() {
    return facts.plain();
  }

  /**
   * Whether the peer may have got the request, or a part of it, so that its handler may have run.
   *
   * @return false only where it is certain that nothing was sent, or that the peer has refused the
   *     call before its handler ran, as a server does that closes: then the call can be made again,
   *     whatever it does
   */
  public boolean mayHaveReachedPeer() {
    return facts.mayHaveReachedPeer();
  }

  /**
   * When the callee wants the call to be made again, counted from its answer.
   *
   * @return zero or more; null where it has not said, and always where the status is not {@link
   *     RpcStatus#OVERLOADED}
   */
  public @Nullable Duration retryAfter() {
    return facts.retryAfter();
  }

  /**
   * What the callee says of the failure beside its text.
   *
   * @return empty where it says nothing more
   */
  public Metadata metadata() {
    return facts.metadata();
  }
}
