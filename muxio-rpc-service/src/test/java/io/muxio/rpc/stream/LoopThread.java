package io.muxio.rpc.stream;

import io.muxio.rpc.service.ConnectionThread;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A connection's thread that is a thread. */
final class LoopThread implements ConnectionThread {
  private final ExecutorService executor = Executors.newSingleThreadExecutor(this::thread);
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private volatile Thread thread;
  private boolean writable = true;
  private volatile Runnable onLook = () -> {};

  private Thread thread(Runnable task) {
    thread = new Thread(task, "loop");
    return thread;
  }

  /** Whether the peer reads what is sent; on this thread. */
  void writable(boolean writable) {
    this.writable = writable;
    while (this.writable && !waiting.isEmpty()) {
      waiting.remove().run();
    }
  }

  @Override
  public void execute(Runnable task) {
    if (isCurrent()) {
      task.run();
    } else {
      executor.execute(task);
    }
  }

  /** Runs a task on this thread and waits for it. */
  void run(Runnable task) throws Exception {
    executor.submit(task).get(20, TimeUnit.SECONDS);
  }

  @Override
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  @Override
  public long outboundRoom() {
    return Long.MAX_VALUE;
  }

  /** Runs before each {@link #isWritable()}. */
  void onLook(Runnable task) {
    onLook = task;
  }

  @Override
  public boolean isWritable() {
    onLook.run();
    return writable;
  }

  @Override
  public void whenWritable(Runnable task) {
    waiting.add(task);
  }

  void stop() throws InterruptedException {
    executor.shutdown();
    if (!executor.awaitTermination(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the loop is stuck");
    }
  }
}
