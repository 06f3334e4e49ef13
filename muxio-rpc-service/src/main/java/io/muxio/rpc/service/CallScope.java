package io.muxio.rpc.service;

import io.muxio.rpc.scope.CurrentScope;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What work is done for: a call that is being served, until when its caller wants the answer, and
 * whether it still does. A handler's thread is in the scope of its call while the handler runs, and
 * so are its interceptors and what handles the chunks of its streams.
 *
 * <p>Calls that are made within a scope, to whichever peer, are made for that call. Their deadline
 * is the time that is left of it where that is less than their own. They are given up when it is
 * cancelled, and fail at once where it was cancelled before. Once it is answered nothing cancels
 * them any more, but its deadline still holds.
 *
 * <p>Other threads are in no scope by themselves, those that complete the future of a call among
 * them. To take the scope along:
 *
 * <pre>{@code
 * Executor pool = CallScope.carrying(executor);        // of whoever hands a task over
 * prices.call(PRICE, item).thenComposeAsync(price -> bank.call(PAY, price), pool);
 *
 * executor.execute(call.wrap(() -> work()));           // a CallContext is the scope of its call
 * }</pre>
 *
 * A call that has to outlive the one that is served is made by {@link #detached}. Safe to use from
 * any thread.
 */
public interface CallScope {
  /**
   * The scope of the current thread.
   *
   * @return the scope; null where the thread works for no call
   */
  static @Nullable CallScope current() {
    return CurrentScope.get();
  }

  /**
   * An executor whose tasks run in the scope of the thread that hands them over.
   *
   * @param executor runs the tasks
   * @return for tasks of any number of calls
   */
  static Executor carrying(Executor executor) {
    Objects.requireNonNull(executor, "executor");
    return task -> {
      CallScope scope = current();
      executor.execute(scope == null ? task : scope.wrap(task));
    };
  }

  /**
   * Does something on this thread that is not for the call that is being served, so that calls made
   * by it have no deadline but their own and are not given up with that call.
   *
   * <pre>{@code
   * CallScope.detached(() -> archive.call(STORE, order));   // goes on when the handler has answered
   * }</pre>
   *
   * @param <T> what it gives
   * @param work runs at once
   * @return what it gives
   */
  static <T extends @Nullable Object> T detached(Supplier<T> work) {
    CallScope outer = CurrentScope.enter(null);
    try {
      return work.get();
    } finally {
      CurrentScope.leave(outer);
    }
  }

  /**
   * How long the answer is still wanted.
   *
   * @return zero or more; null where there is no deadline
   */
  @Nullable Duration timeLeft();

  /**
   * Whether nobody waits for the answer any more.
   *
   * @return true from then on
   */
  boolean isCancelled();

  /**
   * Asks to be told when {@link #isCancelled()} becomes true; where it is true already, at once.
   *
   * @param action runs once, on a thread that is not for handlers, so it must not block; not at all
   *     where the call is answered first
   * @return to be removed where the action is of no use any more before the call is over
   */
  Registration onCancel(Runnable action);

  /**
   * Interrupts the current thread when the call is cancelled, at once where it is already. For a
   * handler that blocks, at its start. Ends when the thread leaves the scope: when the handler
   * returns, or a task that took the scope along. The thread is not interrupted afterwards, and an
   * interrupt that came by this and that nobody has noticed is cleared.
   *
   * @throws IllegalStateException on a thread that is not in this scope, and on the connection's
   *     event loop, which is never interrupted
   */
  default void interruptOnCancel() {
    CurrentScope.interruptOnCancel(this);
  }

  /**
   * Takes the scope along to another thread.
   *
   * @param task what to do there
   * @return does it in this scope
   */
  default Runnable wrap(Runnable task) {
    Objects.requireNonNull(task, "task");
    return () -> {
      CallScope outer = CurrentScope.enter(this);
      try {
        task.run();
      } finally {
        CurrentScope.leave(outer);
      }
    };
  }

  /**
   * Takes the scope along to another thread.
   *
   * @param <T> what the task gives
   * @param task what to do there
   * @return does it in this scope
   */
  default <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    Objects.requireNonNull(task, "task");
    return () -> {
      CallScope outer = CurrentScope.enter(this);
      try {
        return task.call();
      } finally {
        CurrentScope.leave(outer);
      }
    };
  }

  /** An action that waits for a cancel. */
  @FunctionalInterface
  interface Registration {
    /** Forgets the action, unless it was started already; more than once does no harm. */
    void remove();
  }
}
