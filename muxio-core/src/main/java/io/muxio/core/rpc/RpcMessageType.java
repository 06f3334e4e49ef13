package io.muxio.core.rpc;

import org.jspecify.annotations.Nullable;

/** What a stream is, with the byte that stands for it in the RPC header. */
public enum RpcMessageType {
  /** A call: its request id is the caller's. */
  CALL(0),
  /** The answer to the call with the same request id. */
  RESPONSE(1),
  /** Defined and in no use: a peer that sends one has the stream refused. */
  EVENT(2);

  private static final RpcMessageType[] TYPES = values();

  private final int code;

  RpcMessageType(int code) {
    this.code = code;
  }

  /**
   * The byte on the wire.
   *
   * @return 0 to 2
   */
  public int code() {
    return code;
  }

  /**
   * The type that a wire byte stands for.
   *
   * @param code the byte as an unsigned number
   * @return the type, or null where no type has that code
   */
  public static @Nullable RpcMessageType of(int code) {
    return code >= 0 && code < TYPES.length ? TYPES[code] : null;
  }
}
