package io.muxio.core.rpc;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The outcome of a call as the wire has it: the one byte of metadata of an answer. */
public enum ResponseStatus {
  /** The body is the answer. */
  SUCCESS(0),
  /** The handler said no; the body is a structured error. */
  FAIL(1),
  /** The callee broke down; the body is a structured error or plain UTF-8 text. */
  SYSTEM_ERROR(2),
  /** No such method, or the handler did not find what was asked for. */
  METHOD_NOT_FOUND(3);

  private static final ResponseStatus[] STATUSES = values();

  private final int code;

  ResponseStatus(int code) {
    this.code = code;
  }

  /**
   * The byte on the wire.
   *
   * @return 0 to 3
   */
  public int code() {
    return code;
  }

  /**
   * The status that an answer's metadata stands for.
   *
   * @param metadata lent; empty metadata means success
   * @return the status, or null where no status has that code
   */
  public static @Nullable ResponseStatus of(ByteBuf metadata) {
    if (!metadata.isReadable()) {
      return SUCCESS;
    }
    int code = metadata.getUnsignedByte(metadata.readerIndex());
    return code < STATUSES.length ? STATUSES[code] : null;
  }
}
