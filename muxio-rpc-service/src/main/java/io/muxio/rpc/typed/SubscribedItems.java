package io.muxio.rpc.typed;

import io.muxio.rpc.service.ApplicationException;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The items of any publisher, which brings them on threads of its own. The lock is never held while
 * the publisher is called.
 */
final class SubscribedItems implements ItemSource, Flow.Subscriber<Object> {
  /** How many items are asked for before they are taken. */
  private static final int AHEAD = 16;

  private enum State {
    /** More may come. */
    RECEIVING,
    /** What waits can still be taken. */
    ENDED,
    /** The same, and then the failure is told. */
    FAILED,
    /** Nothing can be taken. Final. */
    CANCELLED
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Object> items = new ArrayDeque<>();
  private State state = State.RECEIVING;
  private Flow.@Nullable Subscription subscription;
  private @Nullable Throwable failure;

  /** Asked for and not come. */
  private int outstanding = AHEAD;

  /** Subscribes to a publisher. */
  static SubscribedItems of(Flow.Publisher<?> publisher) {
    SubscribedItems items = new SubscribedItems();
    try {
      publisher.subscribe(items);
    } catch (RuntimeException e) {
      items.onError(e);
    }
    return items;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Objects.requireNonNull(subscription, "subscription");
    boolean wanted;
    lock.lock();
    try {
      wanted = this.subscription == null && state == State.RECEIVING;
      if (wanted) {
        this.subscription = subscription;
      }
    } finally {
      lock.unlock();
    }
    if (wanted) {
      subscription.request(AHEAD);
    } else {
      subscription.cancel();
    }
  }

  @Override
  public void onNext(Object item) {
    Objects.requireNonNull(item, "item");
    boolean unasked = false;
    lock.lock();
    try {
      if (state == State.RECEIVING && outstanding > 0) {
        outstanding--;
        items.add(item);
        changed.signal();
        return;
      }
      unasked = state == State.RECEIVING;
    } finally {
      lock.unlock();
    }
    ReferenceCountUtil.release(item);
    if (unasked) {
      end(
          State.FAILED,
          new IllegalStateException("the publisher gave an item that nobody asked for"));
      cancelSubscription();
    }
  }

  @Override
  public void onError(Throwable cause) {
    end(State.FAILED, Objects.requireNonNull(cause, "cause"));
  }

  @Override
  public void onComplete() {
    end(State.ENDED, null);
  }

  private void end(State how, @Nullable Throwable cause) {
    lock.lock();
    try {
      if (state == State.RECEIVING) {
        state = how;
        failure = cause;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable Object next() throws InterruptedException {
    Object item;
    Flow.Subscription asked = null;
    lock.lockInterruptibly();
    try {
      while (items.isEmpty() && state == State.RECEIVING) {
        changed.await();
      }
      item = items.poll();
      if (item == null) {
        return nothing();
      }
      if (state == State.RECEIVING && outstanding + items.size() <= AHEAD / 2) {
        outstanding += AHEAD / 2;
        asked = subscription;
      }
    } finally {
      lock.unlock();
    }
    if (asked != null) {
      asked.request(AHEAD / 2);
    }
    return item;
  }

  private @Nullable Object nothing() {
    return switch (state) {
      case RECEIVING, ENDED -> null;
      case CANCELLED -> throw new RpcException(RpcStatus.CANCELLED, "cancelled by its reader");
      case FAILED -> throw failure(Objects.requireNonNull(failure, "failure"));
    };
  }

  /** An exception that the reader may have to catch anyway. */
  private static RpcException failure(Throwable cause) {
    if (cause instanceof RpcException failure) {
      return failure.rethrown();
    }
    RpcStatus status =
        cause instanceof ApplicationException ? RpcStatus.FAIL : RpcStatus.SYSTEM_ERROR;
    String text = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    return new RpcException(status, null, text, cause);
  }

  @Override
  public void cancel() {
    Object[] dropped;
    lock.lock();
    try {
      if (state == State.ENDED && items.isEmpty()) {
        return;
      }
      state = State.CANCELLED;
      dropped = items.toArray();
      items.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (Object item : dropped) {
      ReferenceCountUtil.release(item);
    }
    cancelSubscription();
  }

  private void cancelSubscription() {
    Flow.Subscription source;
    lock.lock();
    try {
      source = subscription;
    } finally {
      lock.unlock();
    }
    if (source != null) {
      source.cancel();
    }
  }
}
