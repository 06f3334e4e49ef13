package io.muxio.rpc.typed;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Makes one value of a stream of chunks. Completing the future from outside gives the call up. */
final class AnswerCollector implements Flow.Subscriber<ByteBuf> {
  private final String method;
  private final Codec<Object> codec;
  private final CompletableFuture<Object> future = new CompletableFuture<>();
  private final ByteBuf bytes;

  private AnswerCollector(String method, Codec<Object> codec, int maxSize) {
    this.method = method;
    this.codec = codec;
    this.bytes = Unpooled.buffer(0, Math.min(maxSize, ItemCutter.MAX_BYTES));
  }

  static CompletableFuture<Object> collect(
      StreamCall call, String method, Codec<Object> codec, int maxSize) {
    AnswerCollector collector = new AnswerCollector(method, codec, maxSize);
    call.response().subscribe(collector);
    collector.future.whenComplete((value, failure) -> call.cancel());
    return collector.future;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(ByteBuf chunk) {
    try {
      if (chunk.readableBytes() > bytes.maxWritableBytes()) {
        String text = "the answer has more than " + bytes.maxCapacity() + " bytes";
        future.completeExceptionally(new RpcException(RpcStatus.REJECTED, method, text, null));
      } else if (!future.isDone()) {
        bytes.writeBytes(chunk);
      }
    } finally {
      chunk.release();
    }
  }

  @Override
  public void onError(Throwable cause) {
    bytes.release();
    future.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    Object value;
    try {
      value = decode();
    } catch (Throwable e) {
      // Also an error, for which somebody may wait without a deadline.
      String text = "the answer cannot be decoded: " + e.getMessage();
      future.completeExceptionally(new RpcException(RpcStatus.SYSTEM_ERROR, method, text, e));
      return;
    }
    if (!future.complete(value)) {
      ReferenceCountUtil.release(value); // cancelled meanwhile, so nobody else will
    }
  }

  /** The bytes are given back before the caller can go on. */
  private Object decode() {
    try {
      return codec.decode(bytes);
    } finally {
      bytes.release();
    }
  }
}
