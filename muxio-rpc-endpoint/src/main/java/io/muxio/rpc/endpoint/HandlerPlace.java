package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.InboundCall;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Keeps the place of a call that is over while its handler is still at work: it has, or waits for,
 * a thread, or has not completed the stage that it returned. Else a peer whose calls are cancelled
 * or time out could have any number of handlers run.
 */
final class HandlerPlace {
  static final String OVERLOADED =
      "overloaded: the handler executor took no more calls, try again later";

  private final InboundCall call;
  private final ServedConnection served;

  /** How much of the handler is at work: its threads, and the stage that it returned. */
  private int atWork;

  private boolean kept;

  HandlerPlace(InboundCall call, ServedConnection served) {
    this.call = call;
    this.served = served;
  }

  /**
   * Runs a part of the handler on the executor; on the connection's thread.
   *
   * @param refused is told where the executor takes no more, with why as its cause
   */
  void execute(Runnable task, Consumer<RpcException> refused) {
    enter();
    try {
      served
          .host()
          .handlerExecutor()
          .execute(
              () -> {
                try {
                  task.run();
                } finally {
                  leave();
                }
              });
    } catch (Throwable e) {
      // Also where no thread could be started, or the user's executor refuses in a way of its own.
      leave();
      refused.accept(new RpcException(RpcStatus.SYSTEM_ERROR, null, OVERLOADED, e));
    }
  }

  /** A part of the handler begins; on any thread. */
  synchronized void enter() {
    atWork++;
  }

  /** The call is over, perhaps before its handler; on the connection's thread. */
  synchronized void callOver() {
    if (atWork > 0 && !kept) {
      kept = true;
      call.keepPlace();
    }
  }

  /** A part of the handler is done, or will never run; on any thread. */
  synchronized void leave() {
    atWork--;
    if (atWork == 0 && kept) {
      kept = false;
      try {
        served.host().thread().execute(call::giveUpPlace);
      } catch (RejectedExecutionException e) {
        // The connection has ended, and its places with it.
      }
    }
  }
}
