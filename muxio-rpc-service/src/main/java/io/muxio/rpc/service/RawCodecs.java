package io.muxio.rpc.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The codecs that give the bytes no structure. */
final class RawCodecs {
  private RawCodecs() {}

  static final Codec<byte[]> BYTES =
      new Codec<>() {
        @Override
        public ByteBuf encode(byte[] value, ByteBufAllocator allocator) {
          return Unpooled.wrappedBuffer(value);
        }

        @Override
        public byte[] decode(ByteBuf bytes) {
          return ByteBufUtil.getBytes(bytes);
        }
      };

  static final Codec<ByteBuf> BYTE_BUF =
      new Codec<>() {
        @Override
        public ByteBuf encode(ByteBuf value, ByteBufAllocator allocator) {
          return value;
        }

        @Override
        public ByteBuf decode(ByteBuf bytes) {
          return bytes.readRetainedSlice(bytes.readableBytes());
        }
      };

  static final Codec<String> UTF_8 =
      new Codec<>() {
        @Override
        public ByteBuf encode(String value, ByteBufAllocator allocator) {
          try {
            return Unpooled.wrappedBuffer(
                StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value)));
          } catch (CharacterCodingException e) {
            throw new CodecException("text with an unpaired surrogate", e);
          }
        }

        @Override
        public String decode(ByteBuf bytes) {
          try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.nioBuffer()).toString();
          } catch (CharacterCodingException e) {
            throw new CodecException("text that is not UTF-8", e);
          }
        }
      };
}
