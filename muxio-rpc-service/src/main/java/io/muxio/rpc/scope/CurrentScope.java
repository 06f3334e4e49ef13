package io.muxio.rpc.scope;

import io.muxio.rpc.service.CallScope;
import org.jspecify.annotations.Nullable;

/**
 * What one thread works for. Scopes nest: whoever enters one leaves it on the same thread, and
 * brings back the one that was.
 */
public final class CurrentScope {
  /** One object a thread that stays there, so that entering and leaving allocate nothing. */
  private static final ThreadLocal<CurrentScope> THREAD =
      ThreadLocal.withInitial(CurrentScope::new);

  private @Nullable CallScope scope;

  /** How many scopes the thread is in, detached work included. */
  private int depth;

  /** The newest first; each ends when the thread leaves the scope that it was begun in. */
  private @Nullable Interruption interruption;

  private CurrentScope() {}

  /**
   * The scope of the current thread.
   *
   * @return the innermost; null where it works for no call
   */
  public static @Nullable CallScope get() {
    return THREAD.get().scope;
  }

  /**
   * The current thread begins to work for a call.
   *
   * @param scope of the call; null for work that is of no call
   * @return the scope that was, for {@link #leave}
   */
  public static @Nullable CallScope enter(@Nullable CallScope scope) {
    CurrentScope current = THREAD.get();
    CallScope outer = current.scope;
    current.scope = scope;
    current.depth++;
    if (current.interruption != null) {
      current.interruption.onScope(scope, false);
    }
    return outer;
  }

  /**
   * The current thread has done what it entered for; it is not interrupted for it any more.
   *
   * @param outer what {@link #enter} has returned
   */
  public static void leave(@Nullable CallScope outer) {
    CurrentScope current = THREAD.get();
    boolean taken = false;
    while (current.interruption != null && current.interruption.depth() == current.depth) {
      taken |= current.interruption.end();
      current.interruption = current.interruption.outer();
    }
    current.scope = outer;
    current.depth--;
    if (current.interruption != null) {
      current.interruption.onScope(outer, taken);
    }
  }

  /**
   * Interrupts the current thread when a call is cancelled, at once where it is already; until the
   * thread leaves the scope.
   *
   * @param scope of the call
   * @throws IllegalStateException where the thread does not work for that call
   */
  public static void interruptOnCancel(CallScope scope) {
    CurrentScope current = THREAD.get();
    if (current.scope != scope) {
      throw new IllegalStateException(
          "thread "
              + Thread.currentThread().getName()
              + " does not work for this call (expected: the thread that its handler runs on, or"
              + " one that took its scope along)");
    }
    current.interruption = Interruption.begin(scope, current.depth, current.interruption);
  }
}
