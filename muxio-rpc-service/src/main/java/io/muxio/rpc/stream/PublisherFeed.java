package io.muxio.rpc.stream;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the chunks of a publisher into a sink, and asks for more when what it gave has left. It is
 * asked and cancelled on an executor, by one thread at a time.
 */
final class PublisherFeed extends SerialTask implements Flow.Subscriber<ByteBuf> {
  private static final Logger logger = LoggerFactory.getLogger(PublisherFeed.class);
  private static final int MAX_BATCH = 16;

  private final ChunkSink sink;
  private final AtomicInteger outstanding = new AtomicInteger();

  /** How many chunks may be on their way: as many of the last one's size as fit into the window. */
  private volatile int batch = 1;

  /** Nothing is asked of the publisher any more. */
  private volatile boolean over;

  private volatile Flow.@Nullable Subscription subscription;

  PublisherFeed(ChunkSink sink, Executor executor) {
    super(executor);
    this.sink = sink;
  }

  /** Whether the publisher may still give chunks. */
  boolean isActive() {
    return !over;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Objects.requireNonNull(subscription, "subscription");
    if (this.subscription != null) {
      subscription.cancel();
      return;
    }
    this.subscription = subscription;
    start();
  }

  @Override
  public void onNext(ByteBuf chunk) {
    Objects.requireNonNull(chunk, "chunk");
    if (over) {
      chunk.release();
    } else if (outstanding.getAndDecrement() <= 0) {
      chunk.release();
      sink.broken(new IllegalStateException("the publisher gave a chunk that nobody asked for"));
    } else {
      try {
        batch = Math.max(1, Math.min(MAX_BATCH, SinkQueue.WINDOW / SinkQueue.costOf(chunk)));
        sink.accept(chunk);
      } catch (RuntimeException e) {
        sink.broken(e);
      }
      onRoom(); // also behind an empty chunk, which is not sent
    }
  }

  @Override
  public void onError(Throwable cause) {
    Objects.requireNonNull(cause, "cause");
    if (!over) {
      over = true;
      sink.broken(cause);
    }
  }

  @Override
  public void onComplete() {
    if (!over) {
      over = true;
      sink.finish();
    }
  }

  /** There may be room for more. */
  void onRoom() {
    if (!over && outstanding.get() <= batch / 2 && sink.isWritable()) {
      signal();
    }
  }

  /** The sink takes no more. */
  void onSinkFailed() {
    signal();
  }

  @Override
  protected void work() {
    Flow.Subscription source = subscription;
    if (over || source == null) {
      return;
    }
    if (!sink.isOpen()) {
      cancel(source);
      return;
    }
    int wanted = batch;
    int count = wanted - outstanding.get();
    if (count > 0 && count >= wanted / 2 && sink.isWritable()) {
      outstanding.addAndGet(count);
      try {
        source.request(count);
      } catch (Throwable e) {
        over = true;
        sink.broken(e);
      }
    }
  }

  @Override
  protected void onRefused(Throwable cause) {
    Flow.Subscription source = subscription;
    if (!over && source != null) {
      cancel(source);
      sink.broken(cause);
    }
  }

  private void cancel(Flow.Subscription source) {
    over = true;
    try {
      source.cancel();
    } catch (Throwable e) {
      logger.error("a publisher of chunks failed when it was cancelled", e);
    }
  }
}
