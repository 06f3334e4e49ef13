package io.muxio.netty;

import io.muxio.rpc.service.ConnectionThread;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings work from other threads onto a connection's event loop: one wake-up and one flush for all
 * that is ready together. Every task that was accepted runs, also when the connection has ended, so
 * that what it carries is released.
 *
 * <p>No task is left behind: the drain takes the mark away before it looks at the queue, so a task
 * that is added while it looks is either seen by it or finds no mark and starts the next drain.
 */
final class Outbox implements ConnectionThread {
  /** Sends what was written; called on the event loop. */
  interface Flusher {
    /** Whether there is no connection yet, so that there is nothing to do on it. */
    boolean isConnecting();

    /** Sends it now. */
    void flush();

    /** Sends it before the current pass of the event loop is over, together with what follows. */
    void flushSoon();

    /** Calls back when all that has been sent so far has left for the network, or never will. */
    void whenSent(Runnable task);

    /** As {@link ConnectionThread#outboundRoom}. */
    long outboundRoom();

    /** A task broke down, perhaps in the middle of a frame: nothing more can be sent. */
    void broken(Throwable cause);
  }

  /**
   * Streams wait from so many bytes on that have not left. Less than what stops the reading, so
   * that a stream that is sent as fast as it goes holds up nothing that comes in; and little enough
   * for small answers to get through soon.
   */
  private static final int STREAM_ROOM = ConnectionLimits.WRITE_LOW_WATER;

  /** After so many tasks in one go the loop gets to read again. */
  private static final int BATCH = 256;

  private final Channel channel;
  private final EventLoop loop;
  private final Flusher flusher;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Streams that wait for the peer to read, the longest first; on the event loop only. */
  private final Queue<Runnable> waitingForRoom = new ArrayDeque<>();

  private boolean awaitsRoom;

  /**
   * Makes an empty outbox.
   *
   * @param channel the connection's channel
   * @param flusher sends what the tasks wrote
   */
  Outbox(Channel channel, Flusher flusher) {
    this.channel = channel;
    this.loop = channel.eventLoop();
    this.flusher = flusher;
  }

  @Override
  public void execute(Runnable task) {
    if (flusher.isConnecting()) {
      throw new RejectedExecutionException("the connection is not up yet");
    }
    if (loop.inEventLoop()) {
      run(task);
      flusher.flushSoon();
      return;
    }
    tasks.add(task);
    if (scheduled.compareAndSet(false, true)) {
      schedule();
    }
  }

  @Override
  public boolean isCurrent() {
    return loop.inEventLoop();
  }

  @Override
  public boolean isWritable() {
    return channel.bytesBeforeUnwritable() > ConnectionLimits.WRITE_HIGH_WATER - STREAM_ROOM;
  }

  @Override
  public long outboundRoom() {
    return flusher.outboundRoom();
  }

  @Override
  public void whenWritable(Runnable task) {
    waitingForRoom.add(task);
    awaitRoom();
  }

  private void awaitRoom() {
    if (!channel.isOpen()) {
      waitingForRoom.clear(); // there will be none any more, and every stream is told of the end
    }
    if (!awaitsRoom && !waitingForRoom.isEmpty()) {
      awaitsRoom = true;
      flusher.whenSent(this::onSent);
    }
  }

  /** There is room: lets those that wait write in turn, until there is none again. */
  private void onSent() {
    while (!waitingForRoom.isEmpty() && isWritable()) {
      run(waitingForRoom.remove()); // which may ask for the next turn
    }
    awaitsRoom = false;
    flusher.flushSoon();
    awaitRoom();
  }

  private void schedule() {
    try {
      loop.execute(this::drain);
    } catch (RejectedExecutionException e) {
      drainWithoutLoop();
    }
  }

  private void drain() {
    scheduled.set(false);
    for (int count = 0; count < BATCH; count++) {
      Runnable task = tasks.poll();
      if (task == null) {
        flusher.flush();
        return;
      }
      run(task);
    }
    flusher.flush();
    if (scheduled.compareAndSet(false, true)) {
      NextPass.run(loop, this::drain, this::drainWithoutLoop);
    }
  }

  /** The loop ends or has, and with it the one thread that the lock stands in for. */
  private synchronized void drainWithoutLoop() {
    scheduled.set(false);
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      run(task);
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      flusher.broken(e);
    }
  }
}
