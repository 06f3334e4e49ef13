package io.muxio.rpc.service;

import io.muxio.core.rpc.ResponseStatus;

/** How a call ended: what the wire can say, and what only this end knows. */
public enum RpcStatus {
  /** Answered. */
  SUCCESS(ResponseStatus.SUCCESS),
  /** The handler said no. */
  FAIL(ResponseStatus.FAIL),
  /** The callee broke down, or refused the call because of a limit. */
  SYSTEM_ERROR(ResponseStatus.SYSTEM_ERROR),
  /** No such method, or the handler did not find what was asked for. */
  NOT_FOUND(ResponseStatus.METHOD_NOT_FOUND),
  /** No answer came in time; known to the caller alone. */
  DEADLINE_EXCEEDED(ResponseStatus.SYSTEM_ERROR),
  /** The caller gave the call up. */
  CANCELLED(ResponseStatus.SYSTEM_ERROR),
  /**
   * The connection ended before the answer came, or there was none; {@link
   * RpcException#mayHaveReachedPeer()} tells them apart.
   */
  DISCONNECTED(ResponseStatus.SYSTEM_ERROR),
  /** A limit of this end refused the call before it was sent, or its answer when it came. */
  REJECTED(ResponseStatus.SYSTEM_ERROR),
  /**
   * The callee has refused the call before its handler ran, because it has too much to do or is
   * about to close: the call may be made again, whatever it does, best after {@link
   * RpcException#retryAfter()}. Published peers cannot be told, nor can they tell: at their end,
   * and from theirs, it is a {@link #SYSTEM_ERROR}.
   */
  OVERLOADED(ResponseStatus.SYSTEM_ERROR);

  private final ResponseStatus onWire;

  RpcStatus(ResponseStatus onWire) {
    this.onWire = onWire;
  }

  /**
   * What the wire says where a handler ends with this status.
   *
   * @return the status itself where the wire has it, else {@link ResponseStatus#SYSTEM_ERROR}
   */
  public ResponseStatus onWire() {
    return onWire;
  }

  /**
   * The status that an answer's status byte stands for.
   *
   * @param status the byte's meaning
   * @return the status
   */
  public static RpcStatus of(ResponseStatus status) {
    return switch (status) {
      case SUCCESS -> SUCCESS;
      case FAIL -> FAIL;
      case SYSTEM_ERROR -> SYSTEM_ERROR;
      case METHOD_NOT_FOUND -> NOT_FOUND;
    };
  }
}
