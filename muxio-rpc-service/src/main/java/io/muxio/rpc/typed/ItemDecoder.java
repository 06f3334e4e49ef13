package io.muxio.rpc.typed;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives a subscriber the items of a stream of chunks. It holds one chunk at a time and asks for the
 * next one when that is used up. One thread at a time does its work: the one that brings a chunk,
 * or that asks for items.
 */
final class ItemDecoder implements Flow.Subscriber<ByteBuf>, Flow.Subscription {
  private final Flow.Subscriber<? super Object> subscriber;
  private final Codec<Object> codec;
  private final ItemCutter cutter;
  private final AtomicInteger signals = new AtomicInteger();
  private final AtomicLong requested = new AtomicLong();
  private Flow.@Nullable Subscription source;
  private volatile @Nullable ByteBuf chunk;
  private volatile @Nullable Throwable failure;
  private volatile boolean ended;
  private volatile boolean cancelled;

  /** Of the thread that does the work. */
  private boolean asked;

  private boolean done;

  ItemDecoder(Flow.Subscriber<? super Object> subscriber, Codec<Object> codec, ItemBudget budget) {
    this.subscriber = subscriber;
    this.codec = codec;
    this.cutter = new ItemCutter(budget);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Objects.requireNonNull(subscription, "subscription");
    if (source != null) {
      subscription.cancel();
      return;
    }
    source = subscription;
    subscriber.onSubscribe(this);
  }

  @Override
  public void onNext(ByteBuf chunk) {
    this.chunk = Objects.requireNonNull(chunk, "chunk");
    signal();
  }

  @Override
  public void onError(Throwable cause) {
    failure = Objects.requireNonNull(cause, "cause");
    signal();
  }

  @Override
  public void onComplete() {
    ended = true;
    signal();
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      failure = new IllegalArgumentException("request: " + count + " (expected: 1 or more)");
    } else {
      requested.accumulateAndGet(
          count, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
    }
    signal();
  }

  @Override
  public void cancel() {
    cancelled = true;
    signal();
  }

  private void signal() {
    if (signals.getAndIncrement() == 0) {
      int served = 1;
      while (served != 0) {
        work();
        served = signals.addAndGet(-served);
      }
    }
  }

  private void work() {
    try {
      boolean more = true;
      while (more) {
        more = !done && !cancelled && failure == null && step();
      }
      if (!done && cancelled) {
        finish();
      } else if (!done && failure != null) {
        fail(failure);
      }
    } catch (RuntimeException | Error e) {
      // The subscriber's own; no chunk is on its way while it has an item.
      finish();
      signals.set(0);
      throw e;
    }
    if (done) {
      release(); // what has come since
    }
  }

  /** Whether there may be more to do. */
  private boolean step() {
    ByteBuf bytes = chunk;
    if (bytes == null) {
      if (ended) {
        end();
      } else if (requested.get() > 0 && !asked && source != null) {
        asked = true;
        source.request(1);
      }
      return false;
    }
    if (requested.get() == 0 && bytes.isReadable()) {
      return false;
    }
    Object item = null;
    try {
      item = next(bytes);
    } catch (RpcException e) {
      fail(e);
      return false;
    }
    if (!bytes.isReadable()) {
      asked = false;
      release();
    }
    if (item != null) {
      requested.updateAndGet(had -> had == Long.MAX_VALUE ? had : had - 1);
      subscriber.onNext(item);
    }
    return true;
  }

  private @Nullable Object next(ByteBuf bytes) {
    ByteBuf item = bytes.isReadable() ? cutter.next(bytes) : null;
    return item == null ? null : Items.decode(codec, item);
  }

  private void end() {
    try {
      cutter.end();
    } catch (RpcException e) {
      fail(e);
      return;
    }
    done = true;
    subscriber.onComplete();
  }

  private void fail(Throwable cause) {
    finish();
    subscriber.onError(cause);
  }

  private void finish() {
    done = true;
    if (source != null) {
      source.cancel();
    }
    cutter.close();
    release();
  }

  private void release() {
    ByteBuf bytes = chunk;
    if (bytes != null) {
      chunk = null;
      bytes.release();
    }
  }
}
