package io.muxio.rpc.caller;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Keeps its tasks until the test runs them. */
final class ManualExecutor implements Executor {
  private final boolean loop;
  private final List<Runnable> tasks = new ArrayList<>();
  private boolean rejecting;
  private int depth;

  private ManualExecutor(boolean loop) {
    this.loop = loop;
  }

  /** Like a pool: every task waits. */
  static ManualExecutor pool() {
    return new ManualExecutor(false);
  }

  /** Like a connection's thread: a task from that thread itself runs at once. */
  static ManualExecutor loop() {
    return new ManualExecutor(true);
  }

  @Override
  public void execute(Runnable task) {
    if (rejecting) {
      throw new RejectedExecutionException("the test rejects it");
    }
    if (loop && isRunning()) {
      task.run();
    } else {
      tasks.add(task);
    }
  }

  void reject(boolean rejecting) {
    this.rejecting = rejecting;
  }

  /** Whether a task of this executor is on the stack. */
  boolean isRunning() {
    return depth > 0;
  }

  int waiting() {
    return tasks.size();
  }

  /** Runs a task as if this executor did. */
  void run(Runnable task) {
    depth++;
    try {
      task.run();
    } finally {
      depth--;
    }
  }

  void runNext() {
    run(tasks.remove(0));
  }

  /** Runs all, also those that come meanwhile. */
  void runAll() {
    while (!tasks.isEmpty()) {
      runNext();
    }
  }
}
