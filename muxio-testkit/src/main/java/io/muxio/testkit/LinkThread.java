package io.muxio.testkit;

import io.muxio.rpc.service.ConnectionThread;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of an end, its timer, and the count of what the peer has not read. The thread ends
 * when there was nothing to do for a second, and the next task starts another: nobody has to shut
 * it down, and a task is never refused.
 */
final class LinkThread extends ScheduledThreadPoolExecutor implements ConnectionThread {
  /** The end that the thread works for; called on the thread. */
  interface End {
    /** A task has run: sends what it wrote. */
    void afterTask();

    /** A task broke down, perhaps in the middle of a frame. */
    void broken(Throwable cause);
  }

  /** From so many bytes on that the peer has not read, streams wait. */
  private static final int HIGH_WATER = 1 << 20;

  /** They go on when so many are left. */
  private static final int LOW_WATER = 256 << 10;

  private final End end;
  private volatile @Nullable Thread current;

  // On the thread only.
  private final Queue<Runnable> waitingForRoom = new ArrayDeque<>();
  private long unread;
  private boolean writable = true;

  LinkThread(String name, End end) {
    super(1, new DaemonThreads(name));
    this.end = end;
    setKeepAliveTime(1, TimeUnit.SECONDS);
    allowCoreThreadTimeOut(true);
    setRemoveOnCancelPolicy(true);
  }

  @Override
  public void execute(Runnable task) {
    if (isCurrent()) {
      run(task);
    } else {
      later(task);
    }
  }

  /** Behind what waits already. */
  void later(Runnable task) {
    schedule(() -> run(task), 0, TimeUnit.NANOSECONDS);
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      end.broken(e);
    }
  }

  @Override
  protected void beforeExecute(Thread thread, Runnable task) {
    current = thread;
  }

  @Override
  protected void afterExecute(Runnable task, @Nullable Throwable failure) {
    run(end::afterTask);
    current = null;
  }

  @Override
  public boolean isCurrent() {
    return Thread.currentThread() == current;
  }

  /** How many bytes the peer has not read. */
  long unread() {
    return unread;
  }

  void onSent(int bytes) {
    unread += bytes;
    writable &= unread <= HIGH_WATER;
  }

  /** Lets those that wait write in turn, until there is no room again. */
  void onRead(long bytes) {
    unread -= bytes;
    if (unread <= LOW_WATER) {
      writable = true;
    }
    for (int turns = waitingForRoom.size(); turns > 0 && writable; turns--) {
      run(waitingForRoom.remove());
    }
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public void whenWritable(Runnable task) {
    waitingForRoom.add(task);
  }
}
