package io.muxio.rpc.stream;

import io.muxio.core.rpc.StreamWindow;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ConnectionThread;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An inbound stream between the connection's thread, which fills it, and its one reader on another.
 * What is handed over is guarded by a lock that is never held while code of the user runs.
 */
public final class ChunkQueue implements ChunkReader {
  private enum State {
    /** More may come. */
    RECEIVING,
    /** The peer has ended the stream; what waits can still be taken. */
    ENDED,
    /** Nothing waits and nothing comes. Final. */
    FAILED
  }

  /** A reader that takes anything is known to after so long, see {@link #countTaken}. */
  private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final Logger logger = LoggerFactory.getLogger(ChunkReader.class);

  private final StreamWindow window;
  private final ConnectionThread thread;
  private final Executor signals;
  private final Runnable onCancel;
  private final Consumer<Throwable> onBroken;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<ByteBuf> chunks = new ArrayDeque<>();
  private State state = State.RECEIVING;
  private @Nullable RpcException failure;
  private boolean blocking;
  private @Nullable Demand demand;

  /** The cost of the chunks that were taken and of which the window has not been told. */
  private long untold;

  private boolean tellScheduled;
  private long toldNanos = System.nanoTime();

  /**
   * Makes the queue of a new stream.
   *
   * @param window counts what waits; the queue closes it
   * @param thread the connection's thread, which calls the methods that begin with {@code on}
   * @param signals runs the subscriber
   * @param onCancel told once when the reader cancels a stream that has not ended, on any thread
   * @param onBroken told once, on any thread, when the subscriber has thrown or can be told nothing
   *     more, so that nobody but the stream's call is left to tell of it
   */
  public ChunkQueue(
      StreamWindow window,
      ConnectionThread thread,
      Executor signals,
      Runnable onCancel,
      Consumer<Throwable> onBroken) {
    this.window = window;
    this.thread = thread;
    this.signals = signals;
    this.onCancel = onCancel;
    this.onBroken = onBroken;
  }

  /**
   * A chunk has come; on the connection's thread.
   *
   * @param chunk taken over
   * @throws io.muxio.core.frame.ProtocolException (stream scope) where too much waits
   */
  public void onChunk(ByteBuf chunk) {
    int cost = costOf(chunk);
    try {
      window.onArrived(cost);
    } catch (RuntimeException e) {
      chunk.release();
      throw e;
    }
    Demand told;
    lock.lock();
    try {
      if (state != State.RECEIVING) {
        chunk.release();
        window.onTaken(cost);
        return;
      }
      chunks.add(chunk);
      changed.signal();
      told = demand;
    } finally {
      lock.unlock();
    }
    if (told != null) {
      told.signal();
    }
  }

  /** The stream has ended; on the connection's thread. */
  public void onEnd() {
    Demand told;
    lock.lock();
    try {
      if (state != State.RECEIVING) {
        return;
      }
      state = State.ENDED;
      changed.signalAll();
      told = demand;
      if (chunks.isEmpty()) {
        window.close();
      }
    } finally {
      lock.unlock();
    }
    if (told != null) {
      told.signal();
    }
  }

  /**
   * The stream has failed; on the connection's thread. A stream that has ended stays ended, and its
   * chunks can be taken.
   *
   * @param cause what the reader gets
   */
  public void onFailure(RpcException cause) {
    if (fail(cause, State.RECEIVING)) {
      window.close();
    }
  }

  /**
   * Drops what waits and what comes, on any thread; nobody but the reader is told. A stream of
   * which everything was read stays as it is.
   */
  public void discard() {
    if (isReadWhole()) {
      return;
    }
    RpcException cause =
        new RpcException(RpcStatus.CANCELLED, "the stream is not read any more: its call is over");
    if (fail(cause, State.ENDED)) {
      onThread(window::close);
    }
  }

  private boolean isReadWhole() {
    lock.lock();
    try {
      return state == State.ENDED && chunks.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void cancel() {
    boolean receiving;
    lock.lock();
    try {
      receiving = state == State.RECEIVING;
    } finally {
      lock.unlock();
    }
    if (fail(new RpcException(RpcStatus.CANCELLED, "cancelled by its reader"), State.ENDED)) {
      onThread(window::close);
      if (receiving) {
        onCancel.run();
      }
    }
  }

  /** Fails the stream unless it is in a later state than the one given; drops what waits. */
  private boolean fail(RpcException cause, State latest) {
    Demand told;
    lock.lock();
    try {
      if (state.compareTo(latest) > 0) {
        return false;
      }
      state = State.FAILED;
      failure = cause;
      chunks.forEach(ByteBuf::release);
      chunks.clear();
      changed.signalAll();
      told = demand;
    } finally {
      lock.unlock();
    }
    if (told != null) {
      told.signal();
    }
    return true;
  }

  @Override
  public @Nullable ByteBuf read() throws InterruptedException {
    if (thread.isCurrent()) {
      throw new IllegalStateException(
          "read() on the connection's event loop (expected: a subscriber, or another thread)");
    }
    ByteBuf chunk;
    boolean tell;
    lock.lockInterruptibly();
    try {
      if (demand != null) {
        throw new IllegalStateException("read() of a stream that has a subscriber");
      }
      blocking = true;
      while (chunks.isEmpty() && state == State.RECEIVING) {
        changed.await();
      }
      if (failure != null) {
        throw failure.rethrown();
      }
      chunk = chunks.poll();
      tell = chunk != null && countTaken(chunk);
    } finally {
      lock.unlock();
    }
    if (tell) {
      onThread(this::tellWindow);
    }
    return chunk;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuf> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    Demand made = new Demand(subscriber);
    boolean refused;
    lock.lock();
    try {
      refused = demand != null || blocking;
      if (!refused) {
        demand = made;
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      subscriber.onSubscribe(new NoDemand());
      subscriber.onError(
          new IllegalStateException("the stream has a reader already (expected: one)"));
    } else {
      made.begin(subscriber);
    }
  }

  /**
   * Under the lock: whether the window has to be told of what was taken. Also when that is little,
   * where it is some time since it was told last: else a reader that is slow would count as one
   * that takes nothing.
   */
  private boolean countTaken(ByteBuf chunk) {
    untold += costOf(chunk);
    if (tellScheduled) {
      return false;
    }
    long now = System.nanoTime();
    if (!chunks.isEmpty() && untold < window.reportFrom() && now - toldNanos < REPORT_NANOS) {
      return false;
    }
    toldNanos = now;
    tellScheduled = true;
    return true;
  }

  private void tellWindow() {
    long taken;
    boolean over;
    lock.lock();
    try {
      tellScheduled = false;
      taken = untold;
      untold = 0;
      over = state != State.RECEIVING && chunks.isEmpty();
    } finally {
      lock.unlock();
    }
    window.onTaken(taken);
    if (over) {
      window.close();
    }
  }

  private void onThread(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      logger.debug("the connection has ended, and with it the count of its buffers", e);
    }
  }

  private static int costOf(ByteBuf chunk) {
    return StreamWindow.costOf(chunk.readableBytes());
  }

  private static final class NoDemand implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }

  /** The one subscriber and what it asks for. Its signals come one after the other. */
  private final class Demand extends SerialTask implements Flow.Subscription {
    // Guarded by the lock.
    private Flow.@Nullable Subscriber<? super ByteBuf> subscriber;
    private long requested;
    private boolean badRequest;
    private boolean done;

    Demand(Flow.Subscriber<? super ByteBuf> subscriber) {
      super(signals);
      this.subscriber = subscriber;
    }

    void begin(Flow.Subscriber<? super ByteBuf> subscriber) {
      try {
        subscriber.onSubscribe(this);
      } catch (Throwable e) {
        giveUp(e);
      }
      start();
    }

    @Override
    public void request(long count) {
      lock.lock();
      try {
        if (count <= 0) {
          badRequest = true;
        } else {
          requested = requested + count < 0 ? Long.MAX_VALUE : requested + count;
        }
      } finally {
        lock.unlock();
      }
      signal();
    }

    @Override
    public void cancel() {
      if (finish()) {
        ChunkQueue.this.cancel();
      }
    }

    /** Nothing is signalled any more; false where that was so already. */
    private boolean finish() {
      lock.lock();
      try {
        boolean first = !done;
        done = true;
        subscriber = null;
        return first;
      } finally {
        lock.unlock();
      }
    }

    @Override
    protected void onRefused(Throwable cause) {
      if (finish()) {
        discard();
        onBroken.accept(cause);
      }
    }

    /** The subscriber has thrown, which leaves it in no state to be told anything. */
    private void giveUp(Throwable cause) {
      logger.error("a subscriber of a stream failed; it gets no more of it", cause);
      finish();
      discard();
      onBroken.accept(cause);
    }

    @Override
    protected void work() {
      boolean more = true;
      while (more) {
        more = signalNext();
      }
    }

    private boolean signalNext() {
      ByteBuf chunk = null;
      Throwable error = null;
      boolean tell = false;
      Flow.Subscriber<? super ByteBuf> told;
      lock.lock();
      try {
        told = subscriber;
        if (done || told == null) {
          return false;
        }
        if (badRequest) {
          error = new IllegalArgumentException("request: 0 or less (expected: 1 or more)");
        } else if (failure != null) {
          error = failure;
        } else if (!chunks.isEmpty()) {
          if (requested == 0) {
            return false;
          }
          requested -= requested == Long.MAX_VALUE ? 0 : 1;
          chunk = chunks.remove();
          tell = countTaken(chunk);
        } else if (state == State.RECEIVING) {
          return false;
        }
        if (chunk == null) {
          done = true;
          subscriber = null;
        }
      } finally {
        lock.unlock();
      }
      if (tell) {
        onThread(ChunkQueue.this::tellWindow);
      }
      tell(told, chunk, error);
      return chunk != null;
    }

    private void tell(
        Flow.Subscriber<? super ByteBuf> subscriber,
        @Nullable ByteBuf chunk,
        @Nullable Throwable error) {
      try {
        if (chunk != null) {
          subscriber.onNext(chunk);
        } else if (error != null) {
          ChunkQueue.this.cancel(); // where the subscriber itself is at fault
          subscriber.onError(error);
        } else {
          subscriber.onComplete();
        }
      } catch (Throwable e) {
        giveUp(e);
      }
    }
  }
}
