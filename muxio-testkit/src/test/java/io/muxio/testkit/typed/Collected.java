package io.muxio.testkit.typed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Takes the items of a publisher one by one. */
final class Collected<T> implements Flow.Subscriber<T> {
  private final List<T> items = new ArrayList<>();
  private final CompletableFuture<List<T>> all = new CompletableFuture<>();
  private Flow.Subscription subscription;

  private Collected() {}

  /** All of them, or what the publisher failed with. */
  static <T> CompletableFuture<List<T>> of(Flow.Publisher<T> publisher) {
    Collected<T> collected = new Collected<>();
    publisher.subscribe(collected);
    return collected.all;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(T item) {
    items.add(item);
    subscription.request(1);
  }

  @Override
  public void onError(Throwable cause) {
    all.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    all.complete(items);
  }
}
