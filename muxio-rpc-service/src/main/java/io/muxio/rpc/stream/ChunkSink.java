package io.muxio.rpc.stream;

import io.muxio.core.rpc.StreamWindow;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.ConnectionThread;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An outbound stream between its writer and the connection's thread, which empties it as fast as
 * the peer reads. What is handed over is guarded by a lock that is never held while code of the
 * user runs.
 */
public final class ChunkSink implements ChunkWriter {
  /** The stream of the connection that is written; used on the connection's thread only. */
  public interface Target {
    /**
     * Whether chunks can be sent. Whoever makes it true calls {@link ChunkSink#drain()}.
     *
     * @return false before the stream was opened and after it is over
     */
    boolean isOpen();

    /**
     * Sends a chunk.
     *
     * @param chunk taken over; not empty
     */
    void send(ByteBuf chunk);

    /** Ends the stream. */
    void end();
  }

  private enum State {
    /** Chunks are taken. */
    OPEN,
    /** The writer has ended the stream; what waits still leaves. */
    ENDING,
    /** The last chunk and the end have left. Final. */
    ENDED,
    /** Nothing more leaves. Final. */
    FAILED
  }

  private static final Logger logger = LoggerFactory.getLogger(ChunkWriter.class);

  /** A writer that waits has at most so much and one chunk in the queue. */
  private static final int WINDOW = 1 << 16;

  /** A writer that does not wait may have so much in the queue. */
  private static final int MAX_QUEUED = 4 << 20;

  private final Target target;
  private final ConnectionThread thread;
  private final Executor callbacks;
  private final Consumer<Throwable> onBroken;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<ByteBuf> chunks = new ArrayDeque<>();
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private State state = State.OPEN;
  private @Nullable RpcException failure;
  private @Nullable Upstream upstream;
  private long queued;
  private boolean drainScheduled;

  /** On the connection's thread only. */
  private boolean waitsForRoom;

  /**
   * Makes the sink of a new stream.
   *
   * @param target the stream
   * @param thread the connection's thread
   * @param callbacks completes futures and asks publishers for more
   * @param onBroken told, on any thread, when the writer cannot go on and so the stream must fail;
   *     it calls {@link #fail}
   */
  public ChunkSink(
      Target target, ConnectionThread thread, Executor callbacks, Consumer<Throwable> onBroken) {
    this.target = target;
    this.thread = thread;
    this.callbacks = callbacks;
    this.onBroken = onBroken;
  }

  @Override
  public void write(ByteBuf chunk) throws InterruptedException {
    boolean added = false;
    try {
      if (thread.isCurrent()) {
        throw new IllegalStateException(
            "write() on the connection's event loop (expected: writeAsync, or another thread)");
      }
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
        chunk.release();
      }
    }
    drainLater();
  }

  @Override
  public CompletableFuture<Void> writeAsync(ByteBuf chunk) {
    CompletableFuture<Void> room = new CompletableFuture<>();
    boolean added = false;
    boolean full = false;
    lock.lock();
    try {
      checkOpen();
      full = queued > 0 && queued + costOf(chunk) > MAX_QUEUED;
      if (!full) {
        added = add(chunk);
        if (queued < WINDOW) {
          room.complete(null);
        } else {
          waiting.add(room);
        }
      }
    } catch (RpcException | IllegalStateException e) {
      room.completeExceptionally(e);
    } finally {
      lock.unlock();
      if (!added) {
        chunk.release();
      }
    }
    if (full) {
      RpcException cause =
          new RpcException(
              RpcStatus.REJECTED,
              "more than "
                  + MAX_QUEUED
                  + " bytes wait to be sent (expected: waits for writeAsync)");
      room.completeExceptionally(cause);
      onBroken.accept(cause);
    } else if (added) {
      drainLater();
    }
    return room;
  }

  @Override
  public boolean isWritable() {
    lock.lock();
    try {
      return state == State.OPEN && queued < WINDOW;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CompletionStage<Void> writeAll(Flow.Publisher<? extends ByteBuf> publisher) {
    Objects.requireNonNull(publisher, "publisher");
    Upstream made = new Upstream();
    lock.lock();
    try {
      if (upstream != null) {
        throw new IllegalStateException("the stream is written by a publisher already");
      }
      checkOpen();
      upstream = made;
    } finally {
      lock.unlock();
    }
    publisher.subscribe(made);
    return ended.minimalCompletionStage();
  }

  @Override
  public CompletionStage<Void> end() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        state = State.ENDING;
      }
    } finally {
      lock.unlock();
    }
    drainLater();
    return ended.minimalCompletionStage();
  }

  /**
   * The stream is over, on any thread: what waits is dropped, and whoever writes or waits is told.
   *
   * @param cause what they get
   */
  public void fail(RpcException cause) {
    List<CompletableFuture<Void>> told;
    Upstream source;
    lock.lock();
    try {
      if (state == State.ENDED || state == State.FAILED) {
        return;
      }
      state = State.FAILED;
      failure = cause;
      chunks.forEach(ByteBuf::release);
      chunks.clear();
      queued = 0;
      changed.signalAll();
      told = takeWaiting();
      told.add(ended);
      source = upstream;
    } finally {
      lock.unlock();
    }
    onCallbacks(
        () -> {
          told.forEach(future -> future.completeExceptionally(cause));
          if (source != null) {
            source.cancel();
          }
        });
  }

  /** Sends what waits as far as the peer reads; on the connection's thread. */
  public void drain() {
    waitsForRoom = false;
    sendSome();
  }

  private void sendSome() {
    while (target.isOpen()) {
      if (!thread.isWritable()) {
        if (!waitsForRoom && hasWork()) {
          waitsForRoom = true;
          thread.whenWritable(this::drain);
        }
        return;
      }
      ByteBuf chunk;
      boolean end;
      lock.lock();
      try {
        chunk = chunks.poll();
        end = chunk == null && state == State.ENDING;
        if (end) {
          state = State.ENDED;
        }
      } finally {
        lock.unlock();
      }
      if (chunk != null) {
        int cost = costOf(chunk);
        target.send(chunk);
        makeRoom(cost);
      } else {
        if (end) {
          target.end();
          onCallbacks(() -> ended.complete(null));
        }
        return;
      }
    }
  }

  private boolean hasWork() {
    lock.lock();
    try {
      return !chunks.isEmpty() || state == State.ENDING;
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom(int cost) {
    List<CompletableFuture<Void>> told = List.of();
    Upstream source;
    lock.lock();
    try {
      if (state == State.FAILED) {
        return;
      }
      queued -= cost;
      if (queued >= WINDOW) {
        return;
      }
      changed.signalAll();
      if (!waiting.isEmpty()) {
        told = takeWaiting();
      }
      source = upstream;
    } finally {
      lock.unlock();
    }
    if (!told.isEmpty()) {
      List<CompletableFuture<Void>> futures = told;
      onCallbacks(() -> futures.forEach(future -> future.complete(null)));
    }
    if (source != null) {
      source.requestMore();
    }
  }

  private List<CompletableFuture<Void>> takeWaiting() {
    List<CompletableFuture<Void>> taken = new ArrayList<>(waiting);
    waiting.clear();
    return taken;
  }

  /** Under the lock. */
  private void checkOpen() {
    if (failure != null) {
      throw new RpcException(failure.status(), failure.method(), failure.detail(), failure);
    }
    if (state != State.OPEN) {
      throw new IllegalStateException("the stream was ended (expected: no chunk behind the end)");
    }
  }

  /** Under the lock; false where there is nothing to send. */
  private boolean add(ByteBuf chunk) {
    if (!chunk.isReadable()) {
      return false;
    }
    chunks.add(chunk);
    queued += costOf(chunk);
    return true;
  }

  private void drainLater() {
    lock.lock();
    try {
      if (drainScheduled) {
        return;
      }
      drainScheduled = true;
    } finally {
      lock.unlock();
    }
    try {
      thread.execute(this::drainScheduled);
    } catch (RejectedExecutionException e) {
      fail(new RpcException(RpcStatus.DISCONNECTED, null, "the connection is closed", e));
    }
  }

  private void drainScheduled() {
    lock.lock();
    try {
      drainScheduled = false;
    } finally {
      lock.unlock();
    }
    sendSome();
  }

  private void onCallbacks(Runnable task) {
    try {
      callbacks.execute(task);
    } catch (Throwable e) {
      logger.debug("the executor for callbacks took no more", e);
      task.run();
    }
  }

  private static int costOf(ByteBuf chunk) {
    return StreamWindow.costOf(chunk.readableBytes());
  }

  /** The publisher that writes the stream; it is asked for more when what it gave has left. */
  private final class Upstream implements Flow.Subscriber<ByteBuf> {
    private static final int BATCH = 16;

    // Guarded by the lock.
    private Flow.@Nullable Subscription subscription;
    private int outstanding;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      Objects.requireNonNull(subscription, "subscription");
      boolean refused;
      lock.lock();
      try {
        refused = this.subscription != null || state != State.OPEN;
        if (!refused) {
          this.subscription = subscription;
          outstanding = BATCH;
        }
      } finally {
        lock.unlock();
      }
      if (refused) {
        subscription.cancel();
      } else {
        subscription.request(BATCH);
      }
    }

    @Override
    public void onNext(ByteBuf chunk) {
      boolean added = false;
      lock.lock();
      try {
        outstanding--;
        added = state == State.OPEN && add(chunk);
      } finally {
        lock.unlock();
        if (!added) {
          chunk.release();
        }
      }
      if (added) {
        drainLater();
      } else {
        requestMore();
      }
    }

    @Override
    public void onError(Throwable cause) {
      onBroken.accept(cause);
    }

    @Override
    public void onComplete() {
      end();
    }

    void requestMore() {
      Flow.Subscription source;
      int count;
      lock.lock();
      try {
        source = subscription;
        count = BATCH - outstanding;
        if (source == null || state != State.OPEN || count < BATCH / 2 || queued >= WINDOW) {
          return;
        }
        outstanding = BATCH;
      } finally {
        lock.unlock();
      }
      onCallbacks(() -> source.request(count));
    }

    void cancel() {
      Flow.Subscription source;
      lock.lock();
      try {
        source = subscription;
      } finally {
        lock.unlock();
      }
      if (source != null) {
        source.cancel();
      }
    }
  }
}
