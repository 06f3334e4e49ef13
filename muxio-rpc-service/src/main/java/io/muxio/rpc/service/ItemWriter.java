package io.muxio.rpc.service;

import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the items of a publisher with a loop that waits until each is asked for, which suits
 * virtual threads: the answer of a handler's method, or the stream that a stub's method is given.
 *
 * <pre>{@code
 * Flow.Publisher<Order> orders = ItemWriter.publisher(Thread::startVirtualThread, items -> {
 *   for (Order order : archive) {
 *     items.write(order);
 *   }
 * });
 * }</pre>
 *
 * <p>Used by one thread at a time, until the loop returns.
 *
 * @param <T> the type of the items
 */
public final class ItemWriter<T> {
  private enum State {
    /** Items can be written. */
    OPEN,
    /** The subscriber has cancelled and is told nothing more. Final. */
    CANCELLED,
    /** The subscriber has asked for what cannot be; when the loop has returned, it is told so. */
    REFUSED,
    /** The loop has returned. Final. */
    ENDED
  }

  /**
   * Writes the items of one subscriber.
   *
   * @param <T> the type of the items
   */
  @FunctionalInterface
  public interface Loop<T> {
    /**
     * Writes all items. To return is the end of the stream; to throw makes it fail, so that what
     * was written does not look like all of it.
     *
     * @param items takes them
     * @throws Exception what the subscriber gets: in the answer of a handler treated as what the
     *     handler throws
     */
    void run(ItemWriter<T> items) throws Exception;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private State state = State.OPEN;
  private long requested;
  private long refused;

  /** Null when it is told nothing more. */
  private Flow.@Nullable Subscriber<? super T> subscriber;

  private ItemWriter(Flow.Subscriber<? super T> subscriber) {
    this.subscriber = subscriber;
  }

  /**
   * A publisher that runs a loop for each of its subscribers, and none without.
   *
   * @param <T> the type of the items
   * @param executor gives each loop a thread, on which it may wait for its subscriber; not one of
   *     an event loop
   * @param loop writes the items; run at the same time for subscribers that come at the same time
   * @return the publisher, for any number of subscribers
   */
  public static <T> Flow.Publisher<T> publisher(Executor executor, Loop<T> loop) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(loop, "loop");
    return subscriber -> {
      Objects.requireNonNull(subscriber, "subscriber");
      new ItemWriter<T>(subscriber).start(subscriber, executor, loop);
    };
  }

  private void start(Flow.Subscriber<? super T> subscriber, Executor executor, Loop<T> loop) {
    subscriber.onSubscribe(new Demand());
    if (isCancelled()) {
      end(null);
      return;
    }
    try {
      executor.execute(() -> run(loop));
    } catch (RejectedExecutionException e) {
      end(e);
    }
  }

  private void run(Loop<T> loop) {
    Throwable failure = null;
    try {
      loop.run(this);
    } catch (Throwable e) {
      failure = e; // also an error, or the subscriber would wait for ever
    }
    end(failure);
  }

  /**
   * Gives the subscriber an item, and waits until it asks for one.
   *
   * @param item a {@code ByteBuf} is taken over, also where this method throws
   * @throws RpcException with {@link RpcStatus#CANCELLED} where the subscriber wants no more: its
   *     call is over
   * @throws InterruptedException where the thread was interrupted; the item is not given
   * @throws IllegalStateException where the loop has returned
   */
  public void write(T item) throws InterruptedException {
    Objects.requireNonNull(item, "item");
    Flow.Subscriber<? super T> asking = null;
    try {
      asking = awaitDemand();
    } finally {
      if (asking == null) {
        ReferenceCountUtil.release(item);
      }
    }
    asking.onNext(item);
  }

  private Flow.Subscriber<? super T> awaitDemand() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (state == State.OPEN && requested == 0) {
        changed.await();
      }
      if (state == State.ENDED) {
        throw new IllegalStateException("an item is written when the loop has returned");
      }
      if (state != State.OPEN || subscriber == null) {
        throw new RpcException(RpcStatus.CANCELLED, "nobody reads the items any more");
      }
      if (requested < Long.MAX_VALUE) {
        requested--;
      }
      return subscriber;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether items are not wanted any more, for a loop that waits for something else before it
   * writes; it is not interrupted.
   *
   * @return whether {@link #write} would throw an {@link RpcException}
   */
  public boolean isCancelled() {
    lock.lock();
    try {
      return state == State.CANCELLED || state == State.REFUSED;
    } finally {
      lock.unlock();
    }
  }

  /** The last signal, on the thread of the loop, so that none comes beside another. */
  private void end(@Nullable Throwable failure) {
    Flow.Subscriber<? super T> told;
    Throwable cause;
    lock.lock();
    try {
      told = subscriber;
      cause =
          state == State.REFUSED
              ? new IllegalArgumentException("request: " + refused + " (expected: 1 or more)")
              : failure;
      state = state == State.CANCELLED ? state : State.ENDED;
      subscriber = null;
    } finally {
      lock.unlock();
    }
    if (told != null && cause != null) {
      told.onError(cause);
    } else if (told != null) {
      told.onComplete();
    }
  }

  private final class Demand implements Flow.Subscription {
    @Override
    public void request(long count) {
      lock.lock();
      try {
        if (count > 0) {
          requested = requested + count < 0 ? Long.MAX_VALUE : requested + count;
        } else if (state == State.OPEN) {
          state = State.REFUSED;
          refused = count;
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        if (state != State.ENDED) {
          state = State.CANCELLED;
          subscriber = null;
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
