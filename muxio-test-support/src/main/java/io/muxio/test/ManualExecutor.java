package io.muxio.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Keeps its tasks until the test runs them. */
public final class ManualExecutor implements Executor {
  private final boolean loop;
  private final List<Runnable> tasks = new ArrayList<>();
  private boolean rejecting;
  private int depth;

  private ManualExecutor(boolean loop) {
    this.loop = loop;
  }

  /**
   * Like a pool: every task waits.
   *
   * @return a new executor
   */
  public static ManualExecutor pool() {
    return new ManualExecutor(false);
  }

  /**
   * Like a connection's thread: a task from that thread itself runs at once.
   *
   * @return a new executor
   */
  public static ManualExecutor loop() {
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

  /**
   * Whether to refuse every task.
   *
   * @param rejecting true to refuse
   */
  public void reject(boolean rejecting) {
    this.rejecting = rejecting;
  }

  /**
   * Whether a task of this executor is on the stack.
   *
   * @return true within a task
   */
  public boolean isRunning() {
    return depth > 0;
  }

  /**
   * How many tasks wait.
   *
   * @return 0 or more
   */
  public int waiting() {
    return tasks.size();
  }

  /**
   * Runs a task as if this executor did.
   *
   * @param task what to run
   */
  public void run(Runnable task) {
    depth++;
    try {
      task.run();
    } finally {
      depth--;
    }
  }

  /** Runs the task that has waited longest. */
  public void runNext() {
    run(tasks.remove(0));
  }

  /**
   * Runs any of the tasks that wait.
   *
   * @param random chooses it
   */
  public void runAny(Random random) {
    run(tasks.remove(random.nextInt(tasks.size())));
  }

  /** Runs all, also those that come meanwhile. */
  public void runAll() {
    while (!tasks.isEmpty()) {
      runNext();
    }
  }
}
