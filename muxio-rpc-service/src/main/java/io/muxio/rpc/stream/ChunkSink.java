package io.muxio.rpc.stream;

import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.ConnectionThread;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An outbound stream between its writer and the connection's thread, which sends what waits in a
 * {@link SinkQueue} as fast as the peer reads.
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
     * The longest piece that is sent at once; a longer chunk is cut into such. On any thread.
     *
     * @return bytes, 1 or more, always the same
     */
    int chunkSize();

    /**
     * Whether the peer takes a chunk now. Whoever makes it true calls {@link ChunkSink#drain()}.
     *
     * @param cost of the chunk, see {@link io.muxio.core.rpc.StreamWindow#costOf}
     * @return true where the peer does not say how much it takes, too
     */
    boolean hasCredit(int cost);

    /**
     * Sends a chunk.
     *
     * @param chunk taken over; not empty
     * @throws IllegalReferenceCountException where the chunk was released meanwhile; nothing of it
     *     is sent
     */
    void send(ByteBuf chunk);

    /** Ends the stream. */
    void end();
  }

  private static final Logger logger = LoggerFactory.getLogger(ChunkWriter.class);

  private final Target target;
  private final IntPredicate credit;
  private final ConnectionThread thread;
  private final Executor callbacks;
  private final Consumer<Throwable> onBroken;

  private final SinkQueue queue;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicReference<@Nullable PublisherFeed> feed = new AtomicReference<>();
  private final AtomicBoolean drainScheduled = new AtomicBoolean();

  /** On the connection's thread only. */
  private boolean waitsForTurn;

  /**
   * Makes the sink of a new stream.
   *
   * @param target the stream
   * @param thread the connection's thread
   * @param callbacks completes futures and asks publishers for more
   * @param onBroken told once, on any thread, when the writer cannot go on, so that the stream must
   *     be voided; nothing more is sent by then
   */
  public ChunkSink(
      Target target, ConnectionThread thread, Executor callbacks, Consumer<Throwable> onBroken) {
    this.target = target;
    this.credit = target::hasCredit;
    this.queue = new SinkQueue(target.chunkSize());
    this.thread = thread;
    this.callbacks = callbacks;
    this.onBroken = onBroken;
  }

  @Override
  public void write(ByteBuf chunk) throws InterruptedException {
    if (thread.isCurrent()) {
      chunk.release();
      throw new IllegalStateException(
          "write() on the connection's event loop (expected: writeAsync, or another thread)");
    }
    queue.putWaiting(chunk);
    drainLater();
  }

  @Override
  public CompletableFuture<Void> writeAsync(ByteBuf chunk) {
    CompletableFuture<Void> room = new CompletableFuture<>();
    try {
      if (queue.put(chunk, room)) {
        drainLater();
      } else {
        RpcException cause =
            new RpcException(
                RpcStatus.REJECTED,
                "more than "
                    + SinkQueue.MAX_QUEUED
                    + " bytes wait to be sent (expected: waits for writeAsync)");
        room.completeExceptionally(cause);
        broken(cause);
      }
    } catch (RpcException | IllegalStateException e) {
      room.completeExceptionally(e);
    }
    return room;
  }

  @Override
  public boolean isWritable() {
    return queue.hasRoom();
  }

  @Override
  public CompletionStage<Void> writeAll(Flow.Publisher<? extends ByteBuf> publisher) {
    Objects.requireNonNull(publisher, "publisher");
    queue.checkOpen();
    PublisherFeed made = new PublisherFeed(this, callbacks);
    if (!feed.compareAndSet(null, made)) {
      throw new IllegalStateException("the stream is written by a publisher already");
    }
    try {
      publisher.subscribe(made);
    } catch (Throwable e) {
      made.onError(e);
    }
    return ended.minimalCompletionStage();
  }

  /**
   * Whether a publisher writes the stream.
   *
   * @return true until it has ended or failed, or the stream has
   */
  public boolean isFed() {
    PublisherFeed source = feed.get();
    return source != null && source.isActive();
  }

  @Override
  public CompletionStage<Void> end() {
    if (!isFed()) {
      finish();
    }
    return ended.minimalCompletionStage();
  }

  /** The publisher's next chunk, taken over. */
  void accept(ByteBuf chunk) {
    queue.putAll(chunk);
    drainLater();
  }

  boolean isOpen() {
    return queue.isOpen();
  }

  /** No more chunks will come. */
  void finish() {
    queue.end();
    drainLater();
  }

  /** The writer cannot go on, on any thread. What it has not sent must not look complete. */
  void broken(Throwable cause) {
    RpcException told =
        cause instanceof RpcException reason
            ? reason
            : new RpcException(
                RpcStatus.CANCELLED, null, "the stream's writer failed: " + cause, cause);
    if (failWith(told, cause)) {
      onBroken.accept(cause);
    }
  }

  /**
   * The stream is over, on any thread: what waits is dropped, and whoever writes or waits is told.
   *
   * @param cause what they get
   */
  public void fail(RpcException cause) {
    failWith(cause, cause);
  }

  private boolean failWith(RpcException forWriters, Throwable forEnd) {
    List<CompletableFuture<Void>> told = queue.fail(forWriters);
    if (told == null) {
      return false;
    }
    onCallbacks(
        () -> {
          told.forEach(future -> future.completeExceptionally(forWriters));
          ended.completeExceptionally(forEnd);
        });
    PublisherFeed source = feed.get();
    if (source != null) {
      source.onSinkFailed();
    }
    return true;
  }

  /** Sends what waits as far as the peer takes it; on the connection's thread. */
  public void drain() {
    while (!waitsForTurn && target.isOpen() && thread.isWritable() && sendNext()) {}
    if (!thread.isWritable()) { // else what has just come is sent by the drain that it asks for
      awaitTurn();
    }
  }

  /** One chunk, so that all streams that wait for the peer to read get the same. */
  private void takeTurn() {
    waitsForTurn = false;
    if (target.isOpen() && sendNext()) {
      awaitTurn();
    }
  }

  private void awaitTurn() {
    if (!waitsForTurn && target.isOpen() && queue.hasWork(credit)) {
      waitsForTurn = true;
      thread.whenWritable(this::takeTurn);
    }
  }

  /** False where there is nothing to send, or the peer does not take it. */
  private boolean sendNext() {
    ByteBuf chunk = queue.poll(credit);
    if (chunk != null) {
      send(chunk);
      return true;
    }
    if (queue.pollEnd()) {
      target.end();
      onCallbacks(() -> ended.complete(null));
    }
    return false;
  }

  private void send(ByteBuf chunk) {
    int cost = SinkQueue.costOf(chunk);
    try {
      target.send(chunk);
    } catch (IllegalReferenceCountException e) {
      broken(e);
      return;
    }
    List<CompletableFuture<Void>> told = queue.onLeft(cost);
    if (!told.isEmpty()) {
      onCallbacks(() -> told.forEach(future -> future.complete(null)));
    }
    PublisherFeed source = feed.get();
    if (source != null) {
      source.onRoom();
    }
  }

  private void drainLater() {
    if (drainScheduled.compareAndSet(false, true)) {
      try {
        thread.execute(
            () -> {
              drainScheduled.set(false);
              drain();
            });
      } catch (RejectedExecutionException e) {
        fail(new RpcException(RpcStatus.DISCONNECTED, null, "the connection is closed", e));
      }
    }
  }

  private void onCallbacks(Runnable task) {
    try {
      callbacks.execute(task);
    } catch (Throwable e) {
      logger.debug("the executor for callbacks took no more", e);
      task.run();
    }
  }
}
