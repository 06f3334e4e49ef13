package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.InboundCall;
import io.muxio.rpc.scope.CancelledStage;
import io.muxio.rpc.scope.CurrentScope;
import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the parts of a call's handler, each in the scope of the call, and keeps its places: on its
 * connection, and among the calls of all connections. A call that is over keeps both while its
 * handler is still at work: it has, or waits for, a thread, or has not completed the stage that it
 * returned. Else a peer whose calls are cancelled or time out could have any number of handlers
 * run.
 */
final class HandlerPlace {
  static final String OVERLOADED =
      "overloaded: the handler executor took no more calls, try again later";

  private final InboundCall call;
  private final ServedConnection served;
  private final CallContext context;

  /** What is cancelled with the call. */
  private volatile @Nullable CompletionStage<?> returned;

  /** Among the calls of all connections. Guarded by this, as far as it is taken or not. */
  private final CallGate.Place place;

  /** How much of the handler is at work: its threads, and the stage that it returned. */
  private int atWork;

  private boolean kept;

  HandlerPlace(InboundCall call, ServedConnection served, CallContext context) {
    this.call = call;
    this.served = served;
    this.context = context;
    this.place = new CallGate.Place(served.gate());
  }

  /** Before a streaming handler runs; returns why it may not, where there are too many calls. */
  synchronized @Nullable Refusal take() {
    return place.take();
  }

  /** The same before a unary handler runs. */
  synchronized @Nullable Refusal takeUnary() {
    return place.takeUnary();
  }

  /** How a unary call went; the first time counts. On the connection's thread, as taking is. */
  void ended(ConcurrencyLimit.Outcome outcome) {
    place.ended(outcome);
  }

  /** Runs a part of the handler on this thread. */
  void run(Runnable task) {
    CallScope outer = CurrentScope.enter(context);
    try {
      task.run();
    } finally {
      CurrentScope.leave(outer);
    }
  }

  /** An executor for what else is of the handler. */
  Executor inScope(Executor executor) {
    return task -> executor.execute(() -> run(task));
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
                  run(task);
                } finally {
                  leave();
                }
              });
    } catch (Throwable e) {
      // Also where no thread could be started, or the user's executor refuses in a way of its own.
      leave();
      refused.accept(new RpcException(RpcStatus.OVERLOADED, null, OVERLOADED, e));
    }
  }

  /** The handler is at work until a stage is complete; on its thread. */
  void awaits(CompletionStage<?> stage, Codec<?> answer) {
    enter();
    stage.whenComplete((value, failure) -> leave());
    if (CancelledStage.isPossibleFor(answer)) {
      returned = stage;
      if (context.isCancelled()) {
        CancelledStage.cancel(stage); // whoever has cancelled the call may not have seen it
      }
    }
  }

  /** The call was cancelled; on any thread. */
  void cancelStage(Cancellation cancellation) {
    CompletionStage<?> stage = returned;
    if (stage != null) {
      cancellation.runLater(() -> CancelledStage.cancel(stage));
    }
  }

  /**
   * Interrupts the current thread when the call is cancelled.
   *
   * @throws IllegalStateException on the connection's thread, and on one that is not the handler's
   */
  void interruptOnCancel() {
    if (served.host().thread().isCurrent()) {
      throw new IllegalStateException(
          context.method().name()
              + ": an event loop is not interrupted (expected: a handler of ExecutionMode."
              + ExecutionMode.EXECUTOR
              + ")");
    }
    CurrentScope.interruptOnCancel(context);
  }

  /** A part of the handler begins; on any thread. */
  synchronized void enter() {
    atWork++;
  }

  /** The call is over, perhaps before its handler; on the connection's thread. */
  void callOver() {
    ended(ConcurrencyLimit.Outcome.GIVEN_UP);
    synchronized (this) {
      if (atWork > 0 && !kept) {
        kept = true;
        call.keepPlace();
      }
    }
    callAnswered();
  }

  /**
   * The call is over, and its handler with it, even where a last step of its thread is still to be
   * counted: who has the answer may have the place, too. On the connection's thread.
   */
  synchronized void callAnswered() {
    if (!kept) {
      place.giveUp();
    }
  }

  /** A part of the handler is done, or will never run; on any thread. */
  synchronized void leave() {
    atWork--;
    if (atWork == 0 && kept) {
      kept = false;
      place.giveUp();
      try {
        served.host().thread().execute(call::giveUpPlace);
      } catch (RejectedExecutionException e) {
        // The connection has ended, and its places with it.
      }
    }
  }
}
