package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Netty's reports of buffers that were garbage without having been released. */
final class LeakWatch {
  private static final int GC_WAIT_MILLIS = 2000;
  private static final Queue<String> leaks = new ConcurrentLinkedQueue<>();

  private LeakWatch() {}

  /** From now on every buffer is watched. */
  static void begin() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + ": " + records));
  }

  static void assertNoLeaks() throws InterruptedException {
    collectGarbage();
    // The detector looks for leaks whenever a buffer is allocated.
    UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
    assertThat(new ArrayList<>(leaks)).as("buffers that were not released").isEmpty();
  }

  private static void collectGarbage() throws InterruptedException {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    for (int round = 0; round < 2; round++) {
      PhantomReference<Object> sentinel = new PhantomReference<>(new Object(), queue);
      try {
        System.gc();
        queue.remove(GC_WAIT_MILLIS);
      } finally {
        Reference.reachabilityFence(sentinel);
      }
    }
  }
}
