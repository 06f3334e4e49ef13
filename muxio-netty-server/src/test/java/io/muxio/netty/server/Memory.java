package io.muxio.netty.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Looks all the time how much direct memory the servers of this JVM have, and keeps the most. */
final class Memory implements AutoCloseable {
  private static final int MEBIBYTE = 1 << 20;

  private final long directBefore = direct();
  private final long heapBefore = heapInUse();
  private final AtomicLong mostDirect = new AtomicLong();
  private final Thread looks = new Thread(this::look, "memory");
  private long mostHeap;
  private volatile boolean closed;

  private Memory() {}

  static Memory watch() {
    Memory memory = new Memory();
    memory.looks.start();
    return memory;
  }

  private static long direct() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private void look() {
    while (!closed) {
      mostDirect.accumulateAndGet(direct() - directBefore, Math::max);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /**
   * To be called when an attack holds as much as it can. Does nothing when the watch is over: the
   * collector would stop those whose time is taken then.
   */
  void lookAtHeap() {
    if (!closed) {
      mostHeap = Math.max(mostHeap, heapInUse() - heapBefore);
    }
  }

  /** Mebibytes of direct memory that came on top, at most. */
  int mostDirect() {
    return (int) (mostDirect.get() / MEBIBYTE);
  }

  /** Mebibytes of live objects that came on top, at most, of the moments that were looked at. */
  int mostHeap() {
    return (int) (mostHeap / MEBIBYTE);
  }

  @Override
  public void close() {
    closed = true;
  }
}
