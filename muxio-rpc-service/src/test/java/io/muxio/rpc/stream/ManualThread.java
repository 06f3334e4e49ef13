package io.muxio.rpc.stream;

import io.muxio.rpc.service.ConnectionThread;
import io.muxio.test.ManualExecutor;
import java.util.ArrayDeque;
import java.util.Queue;

/** A connection's thread whose tasks run when the test wants it, and whose peer reads on demand. */
final class ManualThread implements ConnectionThread {
  final ManualExecutor executor = ManualExecutor.loop();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean writable = true;

  /** Whether the peer reads what is sent. */
  void writable(boolean writable) {
    this.writable = writable;
    if (writable && !waiting.isEmpty()) {
      execute(this::giveTurns);
    }
  }

  private void giveTurns() {
    while (writable && !waiting.isEmpty()) {
      waiting.remove().run();
    }
  }

  int waitingForRoom() {
    return waiting.size();
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  @Override
  public boolean isCurrent() {
    return executor.isRunning();
  }

  @Override
  public long outboundRoom() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public void whenWritable(Runnable task) {
    waiting.add(task);
  }
}
