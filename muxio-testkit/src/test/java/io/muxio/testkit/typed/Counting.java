package io.muxio.testkit.typed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Publishes so many numbered items, exactly as many as it is asked for, on the thread that asks.
 */
record Counting<T>(int count, IntFunction<T> item, CompletableFuture<Void> cancelled)
    implements Flow.Publisher<T> {

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    subscriber.onSubscribe(new Numbers(subscriber));
  }

  private final class Numbers implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final AtomicLong requested = new AtomicLong();
    private int next;
    private volatile boolean done;

    Numbers(Flow.Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long more) {
      if (requested.getAndAdd(more) > 0) {
        return;
      }
      do {
        if (next < count && !done) {
          subscriber.onNext(item.apply(next++));
        }
        if (next >= count && !done) {
          done = true;
          subscriber.onComplete();
        }
      } while (requested.decrementAndGet() > 0);
    }

    @Override
    public void cancel() {
      done = true;
      cancelled.complete(null);
    }
  }
}
