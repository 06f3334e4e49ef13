package io.muxio.rpc.typed;

import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A publisher of what a function makes of another's items, and of its failure. Where the function
 * fails, the other is cancelled, and that is the failure.
 */
record MappedPublisher<A, B>(
    Flow.Publisher<? extends A> source,
    Function<? super A, ? extends B> map,
    Function<Throwable, Throwable> mapFailure)
    implements Flow.Publisher<B> {

  @Override
  public void subscribe(Flow.Subscriber<? super B> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    source.subscribe(new Mapping<>(this, subscriber));
  }

  private static final class Mapping<A, B> implements Flow.Subscriber<A> {
    private final MappedPublisher<A, B> publisher;
    private final Flow.Subscriber<? super B> subscriber;
    private Flow.@Nullable Subscription source;
    private boolean done;

    Mapping(MappedPublisher<A, B> publisher, Flow.Subscriber<? super B> subscriber) {
      this.publisher = publisher;
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      Objects.requireNonNull(subscription, "subscription");
      if (source != null) {
        subscription.cancel();
        return;
      }
      source = subscription;
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(A item) {
      Objects.requireNonNull(item, "item");
      if (done) {
        ReferenceCountUtil.release(item);
        return;
      }
      B mapped;
      try {
        mapped = publisher.map.apply(item);
      } catch (RuntimeException e) {
        if (source != null) {
          source.cancel();
        }
        onError(e);
        return;
      }
      subscriber.onNext(mapped);
    }

    @Override
    public void onError(Throwable cause) {
      Objects.requireNonNull(cause, "cause");
      if (!done) {
        done = true;
        subscriber.onError(publisher.mapFailure.apply(cause));
      }
    }

    @Override
    public void onComplete() {
      if (!done) {
        done = true;
        subscriber.onComplete();
      }
    }
  }
}
