package io.muxio.rpc.typed;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** What a method answers that returns {@code void}: no bytes. */
public enum Nothing {
  /** The only value. */
  NOTHING;

  static final Codec<Nothing> CODEC =
      new Codec<>() {
        @Override
        public ByteBuf encode(Nothing value, ByteBufAllocator allocator) {
          return Unpooled.EMPTY_BUFFER;
        }

        @Override
        public Nothing decode(ByteBuf bytes) {
          expectNone(bytes);
          return NOTHING;
        }
      };

  static void expectNone(ByteBuf bytes) {
    if (bytes.isReadable()) {
      throw new CodecException(bytes.readableBytes() + " bytes (expected: none)");
    }
  }
}
