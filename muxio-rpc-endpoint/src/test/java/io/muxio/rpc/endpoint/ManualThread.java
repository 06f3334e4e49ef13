package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.ConnectionThread;
import io.muxio.test.ManualExecutor;
import java.util.ArrayDeque;
import java.util.Queue;

/** A connection's thread whose tasks run when the test wants it, and whose peer reads on demand. */
final class ManualThread implements ConnectionThread {
  private final ManualExecutor executor;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean writable = true;
  private long room = Long.MAX_VALUE;

  ManualThread(ManualExecutor executor) {
    this.executor = executor;
  }

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

  /** How much may still wait for the peer. */
  void outboundRoom(long room) {
    this.room = room;
  }

  @Override
  public long outboundRoom() {
    return room;
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
  public boolean isWritable() {
    return writable;
  }

  @Override
  public void whenWritable(Runnable task) {
    waiting.add(task);
  }
}
