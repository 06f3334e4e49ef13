package io.muxio.rpc.typed;

import io.muxio.rpc.scope.CancelledStage;
import io.muxio.rpc.service.Codec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** One value that comes later, as the only chunk of a stream. For one subscriber. */
record SinglePublisher(CompletionStage<?> value, Codec<Object> codec)
    implements Flow.Publisher<ByteBuf> {

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuf> subscriber) {
    subscriber.onSubscribe(new Waiting(subscriber));
  }

  private final class Waiting implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuf> subscriber;

    /** Asked, or cancelled: whichever comes first counts. */
    private final AtomicBoolean taken = new AtomicBoolean();

    private volatile boolean cancelled;

    Waiting(Flow.Subscriber<? super ByteBuf> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      if (taken.compareAndSet(false, true)) {
        if (count <= 0) {
          subscriber.onError(
              new IllegalArgumentException("request: " + count + " (expected: 1 or more)"));
        } else {
          value.whenComplete(this::tell);
        }
      }
    }

    private void tell(Object answer, Throwable failure) {
      if (cancelled) {
        ReferenceCountUtil.release(answer); // nobody else will
        return;
      }
      if (failure != null) {
        subscriber.onError(failure);
        return;
      }
      ByteBuf bytes;
      try {
        bytes = codec.encode(answer, ByteBufAllocator.DEFAULT);
      } catch (Throwable e) {
        subscriber.onError(e); // also an error, or the call would have no answer
        return;
      }
      subscriber.onNext(bytes);
      subscriber.onComplete();
    }

    @Override
    public void cancel() {
      cancelled = true;
      if (taken.compareAndSet(false, true)) {
        value.thenAccept(ReferenceCountUtil::release); // nobody has asked, so nobody else will
      }
      if (CancelledStage.isPossibleFor(codec)) {
        CancelledStage.cancel(value);
      }
    }
  }
}
