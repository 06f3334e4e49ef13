package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.CallScope;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a call was cancelled, and who wants to know. Safe to use from any thread. */
final class Cancellation {
  private static final Logger logger = LoggerFactory.getLogger(RpcEndpoint.class);

  private final Executor executor;
  private volatile boolean cancelled;

  /** In the order in which they came. Guarded by this. */
  private Set<Action> actions = Set.of();

  /**
   * A call that is not cancelled.
   *
   * @param executor runs actions
   */
  Cancellation(Executor executor) {
    this.executor = executor;
  }

  /** What is done when the call is cancelled, unless it is removed before. */
  private final class Action implements CallScope.Registration {
    private final Runnable task;

    Action(Runnable task) {
      this.task = task;
    }

    @Override
    public void remove() {
      synchronized (Cancellation.this) {
        if (!actions.isEmpty()) {
          actions.remove(this);
        }
      }
    }
  }

  boolean isCancelled() {
    return cancelled;
  }

  void cancel() {
    List<Action> due;
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      due = List.copyOf(actions);
      actions = Set.of();
    }
    due.forEach(action -> runLater(action.task));
  }

  CallScope.Registration onCancel(Runnable task) {
    Action action = new Action(Objects.requireNonNull(task, "action"));
    synchronized (this) {
      if (!cancelled) {
        if (actions.isEmpty()) {
          actions = new LinkedHashSet<>();
        }
        actions.add(action);
        return action;
      }
    }
    runLater(task);
    return action;
  }

  /** Runs what is of the cancel, which is the user's code, on a thread that is not for handlers. */
  void runLater(Runnable task) {
    try {
      executor.execute(
          () -> {
            try {
              task.run();
            } catch (Throwable e) {
              logger.error("an action on cancel failed", e);
            }
          });
    } catch (Throwable e) {
      logger.warn("an action on cancel could not be started", e);
    }
  }
}
