package io.muxio.rpc.typed;

import io.muxio.rpc.service.Codec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** No parameter, which is no bytes, and one, which is the value itself. */
final class ParametersCodec {
  private ParametersCodec() {}

  static final Codec<Object[]> NONE =
      new Codec<>() {
        @Override
        public ByteBuf encode(Object[] values, ByteBufAllocator allocator) {
          return Unpooled.EMPTY_BUFFER;
        }

        @Override
        public Object[] decode(ByteBuf bytes) {
          Nothing.expectNone(bytes);
          return new Object[0];
        }
      };

  static Codec<Object[]> one(Codec<Object> value) {
    return new Codec<>() {
      @Override
      public ByteBuf encode(Object[] values, ByteBufAllocator allocator) {
        return value.encode(values[0], allocator);
      }

      @Override
      public Object[] decode(ByteBuf bytes) {
        return new Object[] {value.decode(bytes)};
      }
    };
  }
}
