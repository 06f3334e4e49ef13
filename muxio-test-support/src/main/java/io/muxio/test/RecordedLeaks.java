package io.muxio.test;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Netty's leak reports, kept instead of logged. */
final class RecordedLeaks {
  private static final Queue<String> reports = new ConcurrentLinkedQueue<>();
  private static final int GC_WAIT_MILLIS = 2000;

  private RecordedLeaks() {}

  /** Collects garbage until leaked buffers must have shown, and hands over what was reported. */
  static List<String> drain() throws InterruptedException {
    collectGarbage();
    // The detector looks for leaks whenever a buffer is allocated.
    UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
    List<String> drained = new ArrayList<>();
    for (String report = reports.poll(); report != null; report = reports.poll()) {
      drained.add(report);
    }
    return drained;
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

  static final class Factory extends ResourceLeakDetectorFactory {
    @Override
    @Deprecated
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return new Detector<>(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return new Detector<>(resource, samplingInterval);
    }
  }

  private static final class Detector<T> extends ResourceLeakDetector<T> {
    Detector(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      reports.add("LEAK of " + resourceType + ": " + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      reports.add("LEAK of " + resourceType + ", without records");
    }
  }
}
