package io.muxio.rpc.endpoint;

import org.jspecify.annotations.Nullable;

/** The call that each thread serves, for methods that are not handed it. */
final class CurrentCall {
  private static final ThreadLocal<CallContext> CURRENT = new ThreadLocal<>();

  private CurrentCall() {}

  static CallContext get() {
    CallContext call = CURRENT.get();
    if (call == null) {
      throw new IllegalStateException(
          "thread "
              + Thread.currentThread().getName()
              + " serves no call (expected: within a method of a service, on the thread that it was"
              + " called on)");
    }
    return call;
  }

  /** Makes a call the current one; gives the one that was, to be brought back. */
  static @Nullable CallContext enter(CallContext call) {
    CallContext outer = CURRENT.get();
    CURRENT.set(call);
    return outer;
  }

  static void leave(@Nullable CallContext outer) {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }
}
