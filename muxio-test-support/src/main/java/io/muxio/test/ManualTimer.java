package io.muxio.test;

import java.util.concurrent.Callable;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps what is due later until the test says that its time has come. No thread is ever started.
 */
public final class ManualTimer extends ScheduledThreadPoolExecutor {
  /** Makes a timer with nothing to do. */
  public ManualTimer() {
    super(0);
    setRemoveOnCancelPolicy(true);
  }

  /** A day from now: it is the test that runs it. */
  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return super.schedule(task, 1, TimeUnit.DAYS);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  /**
   * How much is due later.
   *
   * @return 0 or more
   */
  public int waiting() {
    return getQueue().size();
  }

  /**
   * Lets the time of everything come.
   *
   * @param thread where it runs
   */
  public void expireAll(ManualExecutor thread) {
    for (Runnable due : getQueue().toArray(new Runnable[0])) {
      getQueue().remove(due);
      thread.run(() -> runNow(due));
    }
  }

  private static void runNow(Runnable due) {
    if (due instanceof RunnableScheduledFuture<?> future && !future.isCancelled()) {
      future.run();
    }
  }
}
