package io.muxio.netty;

import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.rpc.service.ConnectionState;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The way out of a connection: sends what the protocol has written and what answers WebSocket, and
 * flushes once for all of a pass. Used on the connection's event loop only.
 */
final class Sender implements Outbox.Flusher {
  private final Channel channel;
  private final ConnectionLife life;
  private final long maxOutboundBytes;
  private boolean reading;
  private boolean flushScheduled;
  private boolean written;

  // Set when the connection is up; nothing is written before.
  private ChannelHandlerContext context;
  private RpcDispatcher dispatcher;
  private ConnectionEnd end;
  private ReadGate readGate;
  private IdleTimer idleTimer;
  private ChannelFuture lastSent;

  @SuppressWarnings("NullAway.Init") // see connected
  Sender(Channel channel, ConnectionLife life, long maxOutboundBytes) {
    this.channel = channel;
    this.life = life;
    this.maxOutboundBytes = maxOutboundBytes;
  }

  void connected(
      ChannelHandlerContext ctx,
      RpcDispatcher dispatcher,
      ConnectionEnd end,
      ReadGate readGate,
      IdleTimer idleTimer) {
    this.context = ctx;
    this.dispatcher = dispatcher;
    this.end = end;
    this.readGate = readGate;
    this.idleTimer = idleTimer;
    this.lastSent = ctx.newSucceededFuture();
  }

  private boolean isUp() {
    return life.state() == ConnectionState.CONNECTED;
  }

  @Override
  public boolean isConnecting() {
    return life.state() == ConnectionState.CONNECTING;
  }

  @Override
  public void broken(Throwable cause) {
    end.broken(cause);
  }

  /** Takes a message of the protocol over. */
  void send(ByteBuf message) {
    if (hasRoom(message)) {
      idleTimer.onMessage();
      write(new BinaryWebSocketFrame(message));
    }
  }

  /** Answers a ping, whose bytes are taken over. */
  void pong(ByteBuf bytes) {
    if (hasRoom(bytes)) {
      write(new PongWebSocketFrame(bytes));
    }
  }

  /** Releases the message where it cannot be sent; ends a connection whose peer does not read. */
  private boolean hasRoom(ByteBuf message) {
    if (!isUp() || !channel.isOpen()) { // else what waits cannot be told
      message.release();
      return false;
    }
    if (channel.bytesBeforeWritable() > maxOutboundBytes) {
      message.release();
      String what = "more than " + maxOutboundBytes + " bytes wait for it (maxOutboundBytes)";
      end.giveUp(new IOException(what + ": it does not read, or answers are too large for it"));
      return false;
    }
    return true;
  }

  /** Takes a frame over, which leaves with the next flush. */
  private void write(WebSocketFrame frame) {
    written = true;
    lastSent = context.write(frame);
  }

  /** A pass of reading has begun: what is written in it leaves at its end. */
  void reading() {
    reading = true;
  }

  /** The pass is over. */
  void passOver() {
    reading = false;
    flush();
  }

  @Override
  public void flush() {
    if (isUp()) {
      dispatcher.session().flush();
      if (written) {
        written = false;
        context.flush();
      }
      readGate.update();
      end.closeIfDrained();
    }
  }

  @Override
  public void flushSoon() {
    if (!reading && !flushScheduled) {
      flushScheduled = true;
      channel
          .eventLoop()
          .execute(
              () -> {
                flushScheduled = false;
                flush();
              });
    }
  }

  @Override
  public void whenSent(Runnable task) {
    if (lastSent.isDone()) { // what fills the channel was not sent by this connection
      channel.eventLoop().schedule(task, 1, TimeUnit.MILLISECONDS);
    } else {
      lastSent.addListener(sent -> task.run());
    }
  }

  @Override
  public long outboundRoom() {
    // A connection that has ended takes everything, and loses it.
    return isUp() && channel.isOpen()
        ? maxOutboundBytes - channel.bytesBeforeWritable() - dispatcher.unsentBytes()
        : Long.MAX_VALUE;
  }
}
