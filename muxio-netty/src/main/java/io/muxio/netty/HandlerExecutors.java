package io.muxio.netty;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the executor that handlers run on where the user brings none. */
public final class HandlerExecutors {
  /** Threads of the pool at most, where the JVM has no virtual threads. */
  public static final int MAX_THREADS = 512;

  /** Calls that wait for a thread of the pool at most; more are refused. */
  public static final int MAX_QUEUED = 1 << 16;

  private static final int IDLE_SECONDS = 30;

  private HandlerExecutors() {}

  /**
   * One virtual thread a call where the JVM has them (21 and later), else a pool of up to {@link
   * #MAX_THREADS} threads that grows when all are busy.
   *
   * @param name of the threads
   * @return a new executor, which its owner shuts down
   */
  public static ExecutorService create(String name) {
    return Runtime.version().feature() >= 21 ? virtual(name) : pool(name);
  }

  /** The baseline is Java 17, so what came with 21 is called by name. */
  private static ExecutorService virtual(String name) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> builderType = Class.forName("java.lang.Thread$Builder");
      builder =
          builderType.getMethod("name", String.class, long.class).invoke(builder, name + "-", 0L);
      Object factory = builderType.getMethod("factory").invoke(builder);
      Method create = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
      return (ExecutorService) create.invoke(null, factory);
    } catch (NoSuchMethodException
        | IllegalAccessException
        | InvocationTargetException
        | ClassNotFoundException e) {
      throw new IllegalStateException("virtual threads of Java " + Runtime.version(), e);
    }
  }

  private static ExecutorService pool(String name) {
    return new ThreadPoolExecutor(
        0,
        MAX_THREADS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new IdleThreadsFirst(),
        threadFactory(name),
        new QueueWhenFull());
  }

  private static ThreadFactory threadFactory(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** All threads are busy and there are as many as may be: the task waits, if it finds room. */
  private static final class QueueWhenFull implements RejectedExecutionHandler {
    /** Counted here, because the queue would have to walk through itself to know. */
    private final AtomicInteger queued = new AtomicInteger();

    @Override
    public void rejectedExecution(Runnable task, ThreadPoolExecutor pool) {
      if (pool.isShutdown()) {
        throw new RejectedExecutionException("the handler executor is shut down");
      }
      if (queued.incrementAndGet() > MAX_QUEUED) {
        queued.decrementAndGet();
        throw new RejectedExecutionException(
            MAX_THREADS + " handlers run and " + MAX_QUEUED + " calls wait");
      }
      Runnable waiting =
          () -> {
            queued.decrementAndGet();
            task.run();
          };
      pool.getQueue().add(waiting);
      if (pool.isShutdown() && pool.remove(waiting)) {
        throw new RejectedExecutionException("the handler executor is shut down");
      }
    }
  }

  /**
   * Refuses a task unless a thread is waiting for one, which makes the pool start another thread. A
   * plain queue would fill before the pool grows.
   */
  private static final class IdleThreadsFirst extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }

    @Override
    public boolean add(Runnable task) {
      put(task);
      return true;
    }
  }
}
