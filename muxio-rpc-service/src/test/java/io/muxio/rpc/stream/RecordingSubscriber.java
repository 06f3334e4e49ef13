package io.muxio.rpc.stream;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** Keeps what a stream of numbered chunks tells it, and asks for more when the test says so. */
class RecordingSubscriber implements Flow.Subscriber<ByteBuf> {
  final List<String> events = new ArrayList<>();
  Flow.Subscription subscription;
  Throwable failure;
  private Consumer<RecordingSubscriber> onSubscribe = self -> {};
  private Consumer<RecordingSubscriber> onNext = self -> {};

  RecordingSubscriber atSubscribe(Consumer<RecordingSubscriber> action) {
    onSubscribe = action;
    return this;
  }

  RecordingSubscriber atNext(Consumer<RecordingSubscriber> action) {
    onNext = action;
    return this;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    events.add("subscribed");
    onSubscribe.accept(this);
  }

  @Override
  public void onNext(ByteBuf chunk) {
    events.add(String.valueOf(chunk.getInt(chunk.readerIndex())));
    chunk.release();
    onNext.accept(this);
  }

  @Override
  public void onError(Throwable cause) {
    failure = cause;
    events.add("error");
  }

  @Override
  public void onComplete() {
    events.add("complete");
  }
}
