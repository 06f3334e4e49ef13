package io.muxio.rpc.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a call was cancelled, and who wants to know. Safe to use from any thread. */
final class Cancellation {
  private static final Logger logger = LoggerFactory.getLogger(RpcEndpoint.class);

  private volatile boolean cancelled;
  private List<Runnable> actions = List.of();

  boolean isCancelled() {
    return cancelled;
  }

  void cancel(Executor executor) {
    List<Runnable> due;
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      due = actions;
      actions = List.of();
    }
    due.forEach(action -> run(action, executor));
  }

  void onCancel(Runnable action, Executor executor) {
    Objects.requireNonNull(action, "action");
    synchronized (this) {
      if (!cancelled) {
        if (actions.isEmpty()) {
          actions = new ArrayList<>(1);
        }
        actions.add(action);
        return;
      }
    }
    run(action, executor);
  }

  private static void run(Runnable action, Executor executor) {
    try {
      executor.execute(
          () -> {
            try {
              action.run();
            } catch (Throwable e) {
              logger.error("an action on cancel failed", e);
            }
          });
    } catch (Throwable e) {
      logger.warn("an action on cancel could not be started", e);
    }
  }
}
