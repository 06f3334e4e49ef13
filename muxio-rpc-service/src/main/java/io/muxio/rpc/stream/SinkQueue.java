package io.muxio.rpc.stream;

import io.muxio.core.rpc.StreamWindow;
import io.muxio.rpc.service.RpcException;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of an outbound stream that have not left, and who waits for room. Safe to use from any
 * thread: guarded by a lock that is never held while code of the user runs.
 */
final class SinkQueue {
  private enum State {
    /** Chunks are taken. */
    OPEN,
    /** No more chunks are taken; what waits still leaves. */
    ENDING,
    /** The last chunk has left, and the end with it. Final. */
    ENDED,
    /** Nothing more leaves. Final. */
    FAILED
  }

  /** A writer that waits has at most so much and one chunk in the queue. */
  static final int WINDOW = 1 << 16;

  /** A writer that does not wait may have so much in the queue. */
  static final int MAX_QUEUED = 4 << 20;

  private final int chunkSize;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<ByteBuf> chunks = new ArrayDeque<>();
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private State state = State.OPEN;
  private @Nullable RpcException failure;
  private long queued;

  /**
   * Makes an empty queue.
   *
   * @param chunkSize longer chunks are cut into pieces of it
   */
  SinkQueue(int chunkSize) {
    this.chunkSize = chunkSize;
  }

  /** What a chunk counts while it waits. */
  static int costOf(ByteBuf chunk) {
    return StreamWindow.costOf(chunk.readableBytes());
  }

  /** Releases a chunk that was not dead from the beginning. */
  private static void release(ByteBuf chunk) {
    if (chunk.refCnt() > 0) {
      chunk.release();
    }
  }

  /** Waits for room and adds; the chunk is taken over, also where it throws. */
  void putWaiting(ByteBuf chunk) throws InterruptedException {
    boolean added = false;
    try {
      lock.lockInterruptibly();
      try {
        while (state == State.OPEN && queued >= WINDOW) {
          changed.await();
        }
        checkOpen();
        added = add(chunk);
      } finally {
        lock.unlock();
      }
    } finally {
      if (!added) {
        release(chunk);
      }
    }
  }

  /**
   * Adds without waiting; the chunk is taken over, also where it throws.
   *
   * @param room completed here where there is room for another chunk, else given to {@link #onLeft}
   * @return false where too much waits already; the chunk is dropped then
   */
  boolean put(ByteBuf chunk, CompletableFuture<Void> room) {
    boolean added = false;
    lock.lock();
    try {
      checkOpen();
      checkAlive(chunk);
      if (queued > 0 && queued + costOf(chunk) > MAX_QUEUED) {
        return false;
      }
      added = add(chunk);
      if (queued < WINDOW) {
        room.complete(null); // nobody has seen it yet
      } else {
        waiting.add(room);
      }
      return true;
    } finally {
      lock.unlock();
      if (!added) {
        release(chunk);
      }
    }
  }

  /** Adds, however much waits; drops the chunk where none are taken. */
  void putAll(ByteBuf chunk) {
    boolean added = false;
    lock.lock();
    try {
      added = state == State.OPEN && add(chunk);
    } finally {
      lock.unlock();
      if (!added) {
        release(chunk);
      }
    }
  }

  /** Takes no more chunks. */
  void end() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        state = State.ENDING;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Drops what waits, and wakes who waits.
   *
   * @return who is to be told; null where the stream was over
   */
  @Nullable List<CompletableFuture<Void>> fail(RpcException cause) {
    lock.lock();
    try {
      if (state == State.ENDED || state == State.FAILED) {
        return null;
      }
      state = State.FAILED;
      failure = cause;
      chunks.forEach(SinkQueue::release);
      chunks.clear();
      queued = 0;
      changed.signalAll();
      return takeWaiting();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next chunk; it counts until {@link #onLeft} is told.
   *
   * @param allowed whether a chunk of a cost may leave; asked under the lock
   * @return null where there is none, or it may not leave
   */
  @Nullable ByteBuf poll(IntPredicate allowed) {
    lock.lock();
    try {
      ByteBuf next = chunks.peek();
      return next == null || !allowed.test(costOf(next)) ? null : chunks.remove();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the end is due, which is said once. */
  boolean pollEnd() {
    lock.lock();
    try {
      boolean due = state == State.ENDING && chunks.isEmpty();
      if (due) {
        state = State.ENDED;
      }
      return due;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A chunk has left.
   *
   * @return who waited for it
   */
  List<CompletableFuture<Void>> onLeft(int cost) {
    lock.lock();
    try {
      if (state == State.FAILED) {
        return List.of();
      }
      queued -= cost;
      if (queued >= WINDOW) {
        return List.of();
      }
      changed.signalAll();
      return takeWaiting();
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return state == State.OPEN;
    } finally {
      lock.unlock();
    }
  }

  boolean hasRoom() {
    lock.lock();
    try {
      return state == State.OPEN && queued < WINDOW;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether something is to be sent.
   *
   * @param allowed whether a chunk of a cost may leave; asked under the lock
   */
  boolean hasWork(IntPredicate allowed) {
    lock.lock();
    try {
      ByteBuf next = chunks.peek();
      return next == null ? state == State.ENDING : allowed.test(costOf(next));
    } finally {
      lock.unlock();
    }
  }

  /** Throws where no chunks are taken. */
  void checkOpen() {
    lock.lock();
    try {
      if (failure != null) {
        throw failure.rethrown();
      }
      if (state != State.OPEN) {
        throw new IllegalStateException("the stream was ended (expected: no chunk behind the end)");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. */
  private List<CompletableFuture<Void>> takeWaiting() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<CompletableFuture<Void>> taken = List.copyOf(waiting);
    waiting.clear();
    return taken;
  }

  private static void checkAlive(ByteBuf chunk) {
    if (chunk.refCnt() == 0) {
      throw new IllegalReferenceCountException("a chunk to send was released already");
    }
  }

  /** Under the lock; false where there is nothing to send. */
  private boolean add(ByteBuf chunk) {
    checkAlive(chunk);
    if (!chunk.isReadable()) {
      return false;
    }
    while (chunk.readableBytes() > chunkSize) { // so that the peer's pace counts within a long one
      ByteBuf piece = chunk.readRetainedSlice(chunkSize);
      chunks.add(piece);
      queued += costOf(piece);
    }
    chunks.add(chunk);
    queued += costOf(chunk);
    return true;
  }
}
