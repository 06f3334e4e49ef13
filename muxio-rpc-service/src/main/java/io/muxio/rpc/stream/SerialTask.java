package io.muxio.rpc.stream;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work that is signalled from any thread and done on an executor, never by two threads at once: a
 * signal that comes while it is done makes it be done again.
 */
abstract class SerialTask implements Runnable {
  private final Executor executor;

  /** How many signals have not been served; whoever raises it from 0 schedules the work. */
  private final AtomicInteger signals = new AtomicInteger(1);

  SerialTask(Executor executor) {
    this.executor = executor;
  }

  /** Does what there is to do. */
  protected abstract void work();

  /** The executor took the task no more; called at most once, and the work is never done again. */
  protected abstract void onRefused(Throwable cause);

  final void signal() {
    if (signals.getAndIncrement() == 0) {
      schedule();
    }
  }

  /** Lets the work begin; signals that came before have waited for it. Called once. */
  final void start() {
    schedule();
  }

  private void schedule() {
    try {
      executor.execute(this);
    } catch (Throwable e) {
      onRefused(e);
    }
  }

  @Override
  public final void run() {
    int served = signals.get();
    do {
      work();
      served = signals.addAndGet(-served);
    } while (served != 0);
  }
}
