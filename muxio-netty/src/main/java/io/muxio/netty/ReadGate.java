package io.muxio.netty;

import io.muxio.core.frame.IdSpace;
import io.muxio.core.rpc.RpcSession;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stops to read from a peer whose streams have more waiting than their readers take, or, at a
 * server, that does not read itself: the only brake that a peer without flow control has. A client
 * reads on, because two ends that both wait for the other to read would wait for ever. Nor is read
 * while what was read waits for its turn. Used on the connection's event loop only.
 */
final class ReadGate {
  private final Channel channel;
  private final RpcSession session;
  private final boolean waitsForPeer;
  private final Duration round;
  private final Runnable onResumed;
  private boolean open = true;
  private boolean held;
  private boolean stopped;
  private @Nullable Future<?> stallTimer;

  /**
   * Makes the gate of a connection that is read.
   *
   * @param channel the connection's channel
   * @param session tells whether readers are slow
   * @param half of this end
   * @param readerTimeout how long a slow one may take nothing before it holds up nobody any more
   * @param onResumed called when the peer is read again
   */
  ReadGate(
      Channel channel,
      RpcSession session,
      IdSpace half,
      Duration readerTimeout,
      Runnable onResumed) {
    this.channel = channel;
    this.session = session;
    this.waitsForPeer = half == IdSpace.SERVER;
    this.round = readerTimeout.dividedBy(RpcSession.STALL_ROUNDS);
    this.onResumed = onResumed;
  }

  /** To be called whenever what it depends on may have changed. */
  void update() {
    if (stopped) {
      return;
    }
    boolean congested = session.isCongested();
    setOpen(!held && !congested && (channel.isWritable() || !waitsForPeer));
    if (congested && stallTimer == null) {
      stallTimer =
          channel.eventLoop().schedule(this::releaseStalled, round.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Whether something that was read has not been handled, so that nothing more is to be read. */
  void hold(boolean hold) {
    held = hold;
    update();
  }

  /** Reads on to the end of the connection: what comes is dropped. */
  void stop() {
    stopped = true;
    setOpen(true);
    if (stallTimer != null) {
      stallTimer.cancel(false);
    }
  }

  private void releaseStalled() {
    stallTimer = null;
    session.releaseStalled();
    update();
  }

  private void setOpen(boolean open) {
    if (this.open != open) {
      this.open = open;
      channel.config().setAutoRead(open);
      if (open) {
        onResumed.run();
      }
    }
  }
}
