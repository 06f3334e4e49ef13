package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.InboundCall;
import java.io.Serial;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps the place of a call that is over while its handler still has, or waits for, a thread. Else
 * a peer whose calls are cancelled or time out could have any number of handlers run.
 */
final class HandlerPlace extends AtomicReference<HandlerPlace.State> {
  /** Where the handler is. */
  enum State {
    /** It has not returned; it may also still wait for a thread. */
    RUNNING,
    /** As {@link #RUNNING}, but its call is over and keeps its place. */
    LINGERING,
    /** It has returned, or will never run. Final. */
    RETURNED
  }

  @Serial private static final long serialVersionUID = 1;

  private final transient InboundCall call;
  private final transient ServedConnection served;

  HandlerPlace(InboundCall call, ServedConnection served) {
    super(State.RUNNING);
    this.call = call;
    this.served = served;
  }

  /** The call is over, perhaps before its handler; on the connection's thread. */
  void callOver() {
    if (compareAndSet(State.RUNNING, State.LINGERING)) {
      call.keepPlace();
    }
  }

  /** On any thread. */
  void handlerReturned() {
    if (!compareAndSet(State.RUNNING, State.RETURNED)
        && compareAndSet(State.LINGERING, State.RETURNED)) {
      try {
        served.host().thread().execute(call::giveUpPlace);
      } catch (RejectedExecutionException e) {
        // The connection has ended, and its places with it.
      }
    }
  }
}
