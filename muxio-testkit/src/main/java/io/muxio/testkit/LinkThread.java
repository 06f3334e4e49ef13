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

  /** Streams write while the peer has fewer bytes to read. */
  private static final int STREAM_ROOM = 256 << 10;

  /** From so many on, which only answers and unary calls make it, the peer is behind. */
  private static final int HIGH_WATER = 1 << 20;

  private final End end;
  private volatile @Nullable Thread current;

  // On the thread only.
  private final Queue<Runnable> waitingForRoom = new ArrayDeque<>();
  private long unread;
  private boolean peerBehind;

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
    peerBehind |= unread > HIGH_WATER;
  }

  /** Lets those that wait write in turn, until there is no room again. */
  void onRead(long bytes) {
    unread -= bytes;
    peerBehind &= unread > STREAM_ROOM;
    while (!waitingForRoom.isEmpty() && isWritable()) {
      run(waitingForRoom.remove()); // which may ask for the next turn
    }
  }

  /** Whether more waits for the peer than streams alone may write, and has not been read since. */
  boolean isPeerBehind() {
    return peerBehind;
  }

  @Override
  public long outboundRoom() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean isWritable() {
    return unread < STREAM_ROOM;
  }

  @Override
  public void whenWritable(Runnable task) {
    waitingForRoom.add(task);
    if (isWritable()) {
      later(() -> onRead(0)); // where the peer has read everything nobody else would look
    }
  }
}
