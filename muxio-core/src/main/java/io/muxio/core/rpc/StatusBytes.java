package io.muxio.core.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The metadata of answers: one byte that never changes, so that it costs no buffer. */
final class StatusBytes {
  private static final ByteBuf[] BYTES = make();

  private StatusBytes() {}

  private static ByteBuf[] make() {
    ResponseStatus[] statuses = ResponseStatus.values();
    ByteBuf[] bytes = new ByteBuf[statuses.length];
    for (ResponseStatus status : statuses) {
      byte[] code = {(byte) status.code()};
      bytes[status.code()] = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(code)).asReadOnly();
    }
    return bytes;
  }

  /** A view with indices of its own; need not be released. */
  static ByteBuf of(ResponseStatus status) {
    return BYTES[status.code()].duplicate();
  }
}
