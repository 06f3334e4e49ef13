package io.muxio.test;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks all the time how much direct memory the pools of this JVM have taken, and keeps the most.
 * What they keep for later counts too. Used by one thread.
 */
public final class Memory implements AutoCloseable {
  private static final int MEBIBYTE = 1 << 20;

  private final long directBefore = direct();
  private final long heapBefore = heapInUse();
  private final AtomicLong mostDirect = new AtomicLong();
  private final Thread looks = new Thread(this::look, "memory");
  private long mostHeap;
  private volatile boolean closed;

  private Memory() {}

  /**
   * Begins to look.
   *
   * @return counts what comes on top of what there is now
   */
  public static Memory watch() {
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
   * To be called when as much is held as there will be. Does nothing when the watch is over: the
   * collector would stop those whose time is taken then.
   */
  public void lookAtHeap() {
    if (!closed) {
      mostHeap = Math.max(mostHeap, heapInUse() - heapBefore);
    }
  }

  /**
   * What came on top in direct memory.
   *
   * @return mebibytes, at most
   */
  public int mostDirect() {
    return (int) (mostDirect.get() / MEBIBYTE);
  }

  /**
   * What came on top in live objects.
   *
   * @return mebibytes, at most of the moments that were looked at
   */
  public int mostHeap() {
    return (int) (mostHeap / MEBIBYTE);
  }

  /** Looks no more; what was seen stays. */
  @Override
  public void close() {
    closed = true;
  }
}
