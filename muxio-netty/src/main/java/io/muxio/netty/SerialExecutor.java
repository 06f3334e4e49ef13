package io.muxio.netty;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in their order, on threads of another executor. Takes every task
 * and never runs one on the thread that brings it, which may be an event loop.
 */
public final class SerialExecutor implements Executor {
  private static final Logger logger = LoggerFactory.getLogger(SerialExecutor.class);

  private final Executor executor;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** How many tasks have not ended; whoever makes it 1 starts a drain. */
  private final AtomicInteger unfinished = new AtomicInteger();

  /**
   * Makes an executor without tasks.
   *
   * @param executor brings the threads; where it takes no more, a thread is started
   */
  public SerialExecutor(Executor executor) {
    this.executor = executor;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (unfinished.getAndIncrement() == 0) {
      start();
    }
  }

  private void start() {
    try {
      executor.execute(this::drain);
    } catch (Throwable e) {
      // Full, or shut down before this connection ended, or no thread could be started. It is rare,
      // and nothing may be lost.
      startThread();
    }
  }

  private void startThread() {
    Thread thread = new Thread(this::drain, "muxio-callback-late");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (Throwable e) {
      // The caller is the end of a connection, which has more to do than to tell of it.
      logger.error("no thread to run tasks on; they are dropped", e);
      drop();
    }
  }

  private void drop() {
    do {
      tasks.remove();
    } while (unfinished.decrementAndGet() > 0);
  }

  private void drain() {
    do {
      Runnable task = tasks.remove();
      try {
        task.run();
      } catch (Throwable e) {
        logger.error("a task failed", e);
      }
    } while (unfinished.decrementAndGet() > 0);
  }
}
