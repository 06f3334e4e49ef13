package io.muxio.rpc.stream;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.InboundRouter;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.core.rpc.SessionConfig;
import io.muxio.core.rpc.StreamWindow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/** A connection that only counts what waits for the readers of its streams, and its memory. */
final class Windows implements InboundRouter {
  private final UnpooledByteBufAllocator allocator;
  private final RpcDispatcher dispatcher;

  Windows() {
    this(CoreLimits.DEFAULT, new UnpooledByteBufAllocator(false));
  }

  Windows(CoreLimits limits, UnpooledByteBufAllocator allocator) {
    this.allocator = allocator;
    this.dispatcher =
        new RpcDispatcher(
            SessionConfig.server(allocator, () -> 0).withLimits(limits), ByteBuf::release, this);
  }

  /** Without Netty's leak records: for tests of many cases. */
  static Windows fast() {
    return new Windows(CoreLimits.DEFAULT, new UnpooledByteBufAllocator(false, true));
  }

  StreamWindow open() {
    return dispatcher.newStreamWindow();
  }

  long bufferedBytes() {
    return dispatcher.session().bufferedBytes();
  }

  boolean isCongested() {
    return dispatcher.session().isCongested();
  }

  /** A chunk that is the number. */
  ByteBuf chunk(int number) {
    return allocator.directBuffer(Integer.BYTES).writeInt(number);
  }

  ByteBuf bytes(int size) {
    return allocator.directBuffer(Math.max(1, size)).writeZero(size);
  }

  /** Bytes of memory that nobody has given back. */
  long memory() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  @Override
  public RpcStreamListener onCall(InboundCall call, ByteBuf metadata) {
    throw new AssertionError("nobody calls");
  }

  @Override
  public void onRefused(InboundCall call, ProtocolException cause) {
    throw new AssertionError("nobody calls");
  }

  @Override
  public void onStreamFailure(int streamId, ProtocolException cause) {
    throw new AssertionError("nobody calls");
  }
}
