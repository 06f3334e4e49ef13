package io.muxio.rpc.scope;

import io.muxio.rpc.service.CallScope;
import org.jspecify.annotations.Nullable;

/** A thread that is interrupted when its call is cancelled, and never once it works for others. */
final class Interruption {
  private final Thread thread = Thread.currentThread();
  private final CallScope scope;
  private final int depth;
  private final @Nullable Interruption outer;

  /** The call was cancelled. Guarded by this. */
  private boolean due;

  /** The thread works for something else meanwhile. Guarded by this. */
  private boolean paused;

  /** Guarded by this. */
  private boolean interrupted;

  /** Guarded by this. */
  private boolean ended;

  private CallScope.@Nullable Registration registration;

  private Interruption(CallScope scope, int depth, @Nullable Interruption outer) {
    this.scope = scope;
    this.depth = depth;
    this.outer = outer;
  }

  /**
   * Begins to watch for the cancel of a call, for the current thread.
   *
   * @param depth of the scope that the thread is in
   * @param outer what the thread has begun before
   */
  static Interruption begin(CallScope scope, int depth, @Nullable Interruption outer) {
    Interruption begun = new Interruption(scope, depth, outer);
    if (scope.isCancelled()) {
      begun.interrupt();
    } else {
      begun.registration = scope.onCancel(begun::interrupt);
    }
    return begun;
  }

  int depth() {
    return depth;
  }

  @Nullable Interruption outer() {
    return outer;
  }

  /** On any thread; under the lock, so that the interrupt never comes after the end. */
  private synchronized void interrupt() {
    due = true;
    if (!ended && !paused) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /**
   * On the thread itself, which works for a scope from now on.
   *
   * @param now the innermost scope
   * @param again whether an interrupt was taken back that may have been this one's
   */
  synchronized void onScope(@Nullable CallScope now, boolean again) {
    paused = now != scope;
    if (due && !paused && (again || !interrupted)) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /**
   * On the thread itself: an interrupt of ours that nobody has taken is taken back.
   *
   * @return whether one was
   */
  boolean end() {
    if (registration != null) {
      registration.remove();
    }
    synchronized (this) {
      ended = true;
      return interrupted && Thread.interrupted();
    }
  }
}
