package io.muxio.testkit.hunt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How far a program has come. Safe to use from any thread. */
final class Progress {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final Set<String> unfinished = ConcurrentHashMap.newKeySet();
  private final Map<Integer, CompletableFuture<Void>> served = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> quiet = new CompletableFuture<>();
  private final CompletableFuture<Throwable> wrong = new CompletableFuture<>();
  private final AtomicInteger whole = new AtomicInteger();
  private CompletableFuture<Void> nextEnd = new CompletableFuture<>();

  /** A chunk of zeros, of memory that is counted. */
  ByteBuf chunk(int size) {
    return allocator.buffer(size).writeZero(size);
  }

  /** Something goes on until {@link #finished}. */
  void begun(String what) {
    if (!unfinished.add(what)) {
      failed(new AssertionError(what + " begins a second time"));
    }
  }

  void finished(String what) {
    unfinished.remove(what);
  }

  /** Something goes on until the stage is complete, in either way. */
  <T> CompletableFuture<Void> track(String what, CompletionStage<T> stage) {
    begun(what);
    return stage
        .handle(
            (value, failure) -> {
              finished(what);
              return (Void) null;
            })
        .toCompletableFuture();
  }

  /** A call has ended. */
  void ended() {
    CompletableFuture<Void> told;
    synchronized (this) {
      told = nextEnd;
      nextEnd = new CompletableFuture<>();
    }
    told.complete(null);
  }

  /** Completes when a call ends that has not yet. */
  synchronized CompletableFuture<Void> nextEnd() {
    return nextEnd;
  }

  /** Completes when the handler of a call has begun. */
  CompletableFuture<Void> served(int step) {
    return served.computeIfAbsent(step, id -> new CompletableFuture<>());
  }

  /** Completes when all calls have ended that do not wait for it. */
  CompletableFuture<Void> quiet() {
    return quiet;
  }

  /** A call was answered as its program says. */
  void wentWhole() {
    whole.incrementAndGet();
  }

  int whole() {
    return whole.get();
  }

  /** What must not happen has. */
  void failed(Throwable cause) {
    wrong.complete(cause);
  }

  @Nullable Throwable failure() {
    return wrong.getNow(null);
  }

  /** What goes on, in an order that can be read. */
  Set<String> unfinished() {
    return new TreeSet<>(unfinished);
  }

  /** Memory of chunks that nobody has released. */
  long chunkBytes() {
    return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
  }
}
