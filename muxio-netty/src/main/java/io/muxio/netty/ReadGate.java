package io.muxio.netty;

import io.muxio.core.rpc.RpcSession;
import io.netty.channel.Channel;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stops to read from a peer that does not read itself, or whose streams have more waiting than
 * their readers take: the only brake that a peer without flow control has. Used on the connection's
 * event loop only.
 */
final class ReadGate {
  /** How long a reader of a stream may take nothing before it brakes nobody any more. */
  private static final int STALL_MILLIS = 1_000;

  private final Channel channel;
  private final RpcSession session;
  private boolean open = true;
  private boolean stopped;
  private @Nullable Future<?> stallTimer;

  ReadGate(Channel channel, RpcSession session) {
    this.channel = channel;
    this.session = session;
  }

  /** To be called whenever what it depends on may have changed. */
  void update() {
    if (stopped) {
      return;
    }
    boolean congested = session.isCongested();
    setOpen(!congested && channel.isWritable());
    if (congested && stallTimer == null) {
      stallTimer =
          channel.eventLoop().schedule(this::releaseStalled, STALL_MILLIS, TimeUnit.MILLISECONDS);
    }
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
    }
  }
}
