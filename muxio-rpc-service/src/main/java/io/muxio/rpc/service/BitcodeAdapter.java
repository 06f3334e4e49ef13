package io.muxio.rpc.service;

import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.BitcodeException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** Bitcode in and out of buffers. */
record BitcodeAdapter<T>(BitcodeCodec<T> codec) implements Codec<T> {
  @Override
  public ByteBuf encode(T value, ByteBufAllocator allocator) {
    try {
      return Unpooled.wrappedBuffer(codec.encode(value));
    } catch (BitcodeException e) {
      throw new CodecException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public T decode(ByteBuf bytes) {
    try {
      return codec.decode(bytes.nioBuffer());
    } catch (BitcodeException e) {
      throw new CodecException(String.valueOf(e.getMessage()), e);
    }
  }
}
