package io.muxio.rpc.caller;

import io.muxio.testkit.ManualExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps what is due later until the test says that its time has come. No thread is ever started.
 */
final class ManualTimer extends ScheduledThreadPoolExecutor {
  ManualTimer() {
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

  int waiting() {
    return getQueue().size();
  }

  /** Lets the time of everything come, on the thread of the executor. */
  void expireAll(ManualExecutor thread) {
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
