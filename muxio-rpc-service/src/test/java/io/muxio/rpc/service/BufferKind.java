package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/** The buffers that a codec meets; all have bytes around the readable ones. */
enum BufferKind {
  HEAP {
    @Override
    ByteBuf of(byte[] bytes) {
      return padded(ALLOCATOR.heapBuffer(), bytes);
    }
  },
  DIRECT {
    @Override
    ByteBuf of(byte[] bytes) {
      return padded(ALLOCATOR.directBuffer(), bytes);
    }
  },
  COMPOSITE {
    @Override
    ByteBuf of(byte[] bytes) {
      ByteBuf all = padded(ALLOCATOR.directBuffer(), bytes);
      int middle = all.writerIndex() / 2;
      int end = all.writerIndex();
      int readerIndex = all.readerIndex();
      ByteBuf second = ALLOCATOR.heapBuffer().writeBytes(all, middle, end - middle);
      ByteBuf composite =
          ALLOCATOR
              .compositeBuffer()
              .addComponent(true, all.setIndex(0, middle))
              .addComponent(true, second);
      return composite.setIndex(readerIndex, readerIndex + bytes.length);
    }
  };

  private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
  private static final byte[] PADDING = {0x55, 0x55, 0x55};

  /** A buffer whose readable bytes are these. */
  abstract ByteBuf of(byte[] bytes);

  /** Checks that a codec to which the buffer was lent has not kept it; releases it. */
  void assertStillOwnedByCaller(ByteBuf buffer) {
    assertThat(buffer.refCnt()).isEqualTo(1);
    buffer.release();
  }

  private static ByteBuf padded(ByteBuf buffer, byte[] bytes) {
    buffer.writeBytes(PADDING).writeBytes(bytes).writeBytes(PADDING);
    return buffer.setIndex(PADDING.length, PADDING.length + bytes.length);
  }
}
