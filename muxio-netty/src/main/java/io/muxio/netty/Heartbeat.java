package io.muxio.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that a peer is gone. Used on the connection's event loop only.
 *
 * <p>A peer that is read is gone when nothing has arrived for {@code heartbeatTimeout}, be it a
 * pong, a message, or a part of one; pings see to it that a healthy peer is never silent, also one
 * that has nothing to say.
 *
 * <p>Only silence of the peer counts. While this end does not read, its pongs cannot arrive: the
 * silence counts from when it is read again. So does time in which the event loop was held up.
 *
 * <p>A peer that does not read would so be safe for ever: its connection is not read either, so
 * that the silence never counts. There the way out is watched instead: when the socket has taken
 * nothing of what waits for {@code writeTimeout}, the peer is gone. That is the longer of the two
 * times, because a peer that reads slowly makes room in big steps.
 */
final class Heartbeat {
  private final ChannelHandlerContext context;
  private final ConnectionLimits limits;
  private final BooleanSupplier up;
  private final Consumer<IOException> onSilence;
  private final Consumer<IOException> onStuck;
  private long lastReadNanos = System.nanoTime();
  private long lastProgressNanos = lastReadNanos;
  private long lastPingNanos = lastReadNanos;
  private long dueNanos;
  private @Nullable Future<?> next;

  /** What the socket was sending at the last look, and how much of it had gone. */
  private int lastCurrent;

  private long lastCurrentProgress;

  /**
   * Starts to ping.
   *
   * @param context where pings are written
   * @param limits the interval and how long to wait
   * @param up whether the connection is up; behind a WebSocket close there is no room for a ping
   * @param onSilence called where nothing comes from the peer any more, with the reason
   * @param onStuck called where the peer takes nothing any more, with the reason
   */
  Heartbeat(
      ChannelHandlerContext context,
      ConnectionLimits limits,
      BooleanSupplier up,
      Consumer<IOException> onSilence,
      Consumer<IOException> onStuck) {
    this.context = context;
    this.limits = limits;
    this.up = up;
    this.onSilence = onSilence;
    this.onStuck = onStuck;
    schedule(lastReadNanos);
  }

  /** Something has arrived, or could not until now because this end did not read. */
  void alive() {
    lastReadNanos = System.nanoTime();
  }

  void stop() {
    if (next != null) {
      next.cancel(false);
    }
  }

  private void schedule(long now) {
    long wait = limits.heartbeatInterval().toNanos() - (now - lastPingNanos);
    wait = Math.min(wait, limits.heartbeatTimeout().toNanos() - (now - lastReadNanos));
    wait = Math.min(wait, limits.writeTimeout().toNanos() - (now - lastProgressNanos));
    dueNanos = now + wait;
    next = context.executor().schedule(this::tick, wait, TimeUnit.NANOSECONDS);
  }

  private void tick() {
    if (!up.getAsBoolean()) {
      return;
    }
    Channel channel = context.channel();
    long now = System.nanoTime();
    long heldUp = Math.max(now - dueNanos, 0);
    lastReadNanos = channel.config().isAutoRead() ? Math.min(lastReadNanos + heldUp, now) : now;
    boolean progress = hasProgress(channel);
    lastProgressNanos = progress ? now : Math.min(lastProgressNanos + heldUp, now);
    if (now - lastReadNanos >= limits.heartbeatTimeout().toNanos()) {
      onSilence.accept(
          new IOException(
              "nothing came from the peer for "
                  + limits.heartbeatTimeout()
                  + " (heartbeatTimeout)"));
    } else if (now - lastProgressNanos >= limits.writeTimeout().toNanos()) {
      onStuck.accept(
          new IOException(
              "the peer took nothing of what waits for "
                  + limits.writeTimeout()
                  + " (writeTimeout)"));
    } else {
      ping(channel, now);
      schedule(now);
    }
  }

  /** Not behind what a peer does not read anyway. */
  private void ping(Channel channel, long now) {
    if (now - lastPingNanos >= limits.heartbeatInterval().toNanos()) {
      lastPingNanos = now;
      if (channel.isWritable()) {
        context.writeAndFlush(new PingWebSocketFrame());
      }
    }
  }

  /** Whether the socket has taken something since the last look, or has no need to. */
  private boolean hasProgress(Channel channel) {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    if (waiting == null) {
      return true;
    }
    int current = System.identityHashCode(waiting.current());
    long currentProgress = waiting.currentProgress();
    boolean same = current == lastCurrent && currentProgress == lastCurrentProgress;
    lastCurrent = current;
    lastCurrentProgress = currentProgress;
    return waiting.totalPendingWriteBytes() == 0 || !same;
  }
}
