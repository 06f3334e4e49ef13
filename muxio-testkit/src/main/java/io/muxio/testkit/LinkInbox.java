package io.muxio.testkit;

import io.muxio.core.frame.IdSpace;
import io.muxio.core.rpc.RpcSession;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages that the peer has sent and this end has not read. As on a socket the peer is not
 * read while readers of its streams are slow, and by a server not while it does not read itself.
 * Belongs to the end's thread, except for {@link #add}.
 */
final class LinkInbox {
  /** After so many messages the thread gets to do something else. */
  private static final int BATCH = 16;

  private final Queue<ByteBuf> messages = new ConcurrentLinkedQueue<>();
  private final Consumer<ByteBuf> reader;
  private final RpcSession session;
  private final LinkThread thread;
  private final LinkConfig config;
  private final IdSpace half;
  private boolean open = true;
  private boolean dropping;
  private @Nullable Future<?> stallTimer;

  /**
   * Makes an empty inbox.
   *
   * @param reader lent each message in turn
   * @param session tells whether readers of its streams are slow
   * @param thread the end's
   * @param config of the link
   * @param half of the end
   */
  LinkInbox(
      Consumer<ByteBuf> reader,
      RpcSession session,
      LinkThread thread,
      LinkConfig config,
      IdSpace half) {
    this.reader = reader;
    this.session = session;
    this.thread = thread;
    this.config = config;
    this.half = half;
  }

  /** Takes a message over, on the peer's thread. */
  void add(ByteBuf message) {
    messages.add(message);
    thread.later(this::read);
  }

  private void read() {
    for (int count = 0; open && (count < BATCH || dropping); count++) {
      ByteBuf message = messages.poll();
      if (message == null) {
        return;
      }
      try {
        reader.accept(message);
      } finally {
        message.release();
      }
      update();
    }
    if (open && !messages.isEmpty()) {
      thread.later(this::read);
    }
  }

  /** To be called whenever what it depends on may have changed. */
  void update() {
    if (dropping) {
      return;
    }
    boolean congested = session.isCongested();
    setOpen(!congested && !isBraking());
    if (congested && stallTimer == null) {
      Duration round = config.readerTimeout().dividedBy(RpcSession.STALL_ROUNDS);
      stallTimer = thread.schedule(this::releaseStalled, round.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Of two ends that wait for each other to read, one has to go on: the client. */
  private boolean isBraking() {
    return half == IdSpace.SERVER && thread.isPeerBehind();
  }

  /** The end is none any more: reads on, whatever comes. */
  void dropAll() {
    dropping = true;
    if (stallTimer != null) {
      stallTimer.cancel(false);
    }
    setOpen(true);
  }

  private void releaseStalled() {
    stallTimer = null;
    session.releaseStalled();
    update();
  }

  private void setOpen(boolean open) {
    if (open && !this.open) {
      thread.later(this::read);
    }
    this.open = open;
  }
}
