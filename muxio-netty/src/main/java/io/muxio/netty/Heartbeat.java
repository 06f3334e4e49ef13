package io.muxio.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Pings a peer and tells when nothing at all has come from it for too long, be it a pong, a message
 * or a ping of its own. Used on the connection's event loop only.
 */
final class Heartbeat {
  private final ChannelHandlerContext context;
  private final long timeoutNanos;
  private final Runnable onSilence;
  private final Future<?> ticks;
  private long lastReadNanos = System.nanoTime();

  /**
   * Starts to ping.
   *
   * @param context where pings are written
   * @param interval between pings
   * @param timeout how long a peer may be silent
   * @param onSilence called once, when it was silent for longer
   */
  Heartbeat(
      ChannelHandlerContext context, Duration interval, Duration timeout, Runnable onSilence) {
    this.context = context;
    this.timeoutNanos = timeout.toNanos();
    this.onSilence = onSilence;
    this.ticks =
        context
            .executor()
            .scheduleAtFixedRate(
                this::tick, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  void onRead() {
    lastReadNanos = System.nanoTime();
  }

  void stop() {
    ticks.cancel(false);
  }

  private void tick() {
    if (System.nanoTime() - lastReadNanos > timeoutNanos) {
      stop();
      onSilence.run();
    } else {
      context.writeAndFlush(new PingWebSocketFrame());
    }
  }
}
