package io.muxio.netty;

import io.muxio.core.frame.Turn;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.rpc.caller.CallerHost;
import io.muxio.rpc.caller.ConnectionCaller;
import io.muxio.rpc.endpoint.CallTimeouts;
import io.muxio.rpc.endpoint.EndpointHost;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One muxio connection on a channel: what its parts are, and what Netty tells them. Inbound buffers
 * are the {@link Inbox}'s, outbound ones the {@link Sender}'s; how it ends is {@link
 * ConnectionEnd}'s. All its state belongs to the channel's event loop.
 *
 * <pre>
 *   bytes → WebSocket decoder → ConnectionHandler → Inbox → MessageReader → RpcDispatcher
 *   bytes ← WebSocket encoder ← Sender ← RpcDispatcher
 * </pre>
 */
public final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private final ConnectionConfig config;
  private final Channel channel;
  private final ChannelConnection connection;
  private final ConnectionLife life;
  private final Sender sender;
  private final Outbox outbox;
  private final RpcDispatcher dispatcher;
  private final ConnectionCaller caller;
  private final ConnectionEnd end;
  private final QuickAck quickAck;
  private final CompletableFuture<Void> disconnected = new CompletableFuture<>();
  private boolean extended;

  // Set when the handler is added to its pipeline; nothing is read or written before.
  private Heartbeat heartbeat;
  private ReadGate readGate;
  private IdleTimer idleTimer;
  private MessageReader reader;
  private Inbox inbox;

  @SuppressWarnings("NullAway.Init") // see handlerAdded
  private ConnectionHandler(Channel channel, ConnectionConfig config) {
    this.config = config;
    this.channel = channel;
    connection = new ChannelConnection(channel, this);
    life = new ConnectionLife(connection, config);
    sender = new Sender(channel, life, config.limits().maxOutboundBytes());
    outbox = new Outbox(channel, sender);
    quickAck = new QuickAck(channel);
    EndpointHost host =
        new EndpointHost(
            connection,
            config.handlerExecutor(),
            config.callbackExecutor(),
            outbox,
            channel.eventLoop(),
            new CallTimeouts(config.limits().requestTimeout(), config.limits().callTimeout()),
            channel.alloc());
    dispatcher =
        new RpcDispatcher(
            config.session(channel.alloc()), sender::send, config.endpoint().serve(host));
    caller =
        new ConnectionCaller(
            new CallerHost(
                dispatcher,
                outbox,
                channel.eventLoop(),
                config.callbackExecutor(),
                channel.alloc(),
                connection));
    connection.callBy(caller.intercepted(config.callInterceptors()));
    end = new ConnectionEnd(channel, dispatcher, life, config);
  }

  /**
   * Begins a connection on a channel whose socket is connected, so that the peer's address is
   * known, before its WebSocket handshake; on the channel's event loop. Where the handshake
   * succeeds, the handler is added behind the WebSocket codec.
   *
   * @param channel the channel, registered with its event loop
   * @param config how the connection behaves
   * @return the handler, not yet in the pipeline
   */
  public static ConnectionHandler begin(Channel channel, ConnectionConfig config) {
    ConnectionHandler handler = new ConnectionHandler(channel, config);
    handler.life.begin();
    // Not channelInactive, which is told to handlers in the pipeline only; and never at once,
    // because the channel may have been closed from within a write, which has to end first.
    channel
        .closeFuture()
        .addListener(closed -> handler.onLoop(handler::socketClosed, handler::socketClosed));
    return handler;
  }

  /** The handshake is done. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    heartbeat = new Heartbeat(ctx, config.limits(), this::isUp, end::gone, end::giveUp);
    readGate =
        new ReadGate(
            channel,
            dispatcher.session(),
            config.idSpace(),
            config.limits().readerTimeout(),
            heartbeat::alive);
    end.connected(ctx, readGate);
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(
                ConnectionLimits.WRITE_LOW_WATER, ConnectionLimits.WRITE_HIGH_WATER));
    Duration idleTimeout = config.limits().idleTimeout();
    idleTimer =
        new IdleTimer(
            channel.eventLoop(), idleTimeout, this::hasCalls, () -> end.forIdleness(idleTimeout));
    sender.connected(ctx, dispatcher, end, readGate, idleTimer);
    reader = new MessageReader(this, ctx, end, readGate, idleTimer);
    inbox = new Inbox(channel.eventLoop(), reader);
    connection.connected();
    life.connected();
    if (extended) {
      dispatcher.session().extend();
      sender.flush();
    }
  }

  private boolean hasCalls() {
    return dispatcher.inboundCalls() > 0 || dispatcher.pendingCalls() > 0;
  }

  /**
   * The connection as users see it.
   *
   * @return always the same object
   */
  public RpcConnection connection() {
    return connection;
  }

  /**
   * Calls the peer, from any thread and around the interceptors: for a host that has them in front
   * of its own callers.
   *
   * @return always the same caller, which that of the {@link #connection()} has behind its
   *     interceptors
   */
  public ConnectionCaller caller() {
    return caller;
  }

  /**
   * The channel that the connection is on.
   *
   * @return the channel
   */
  public Channel channel() {
    return channel;
  }

  /**
   * When nothing of the connection is left but events that listeners are yet to be told.
   *
   * @return done then; never fails
   */
  public CompletionStage<Void> disconnected() {
    return disconnected;
  }

  /**
   * Why the connection has ended; on the event loop.
   *
   * @return null where it has not
   */
  public @Nullable Throwable endedBy() {
    return dispatcher.closedBy();
  }

  /**
   * Tells who the peer is, before the handshake is answered; on the event loop.
   *
   * @param client what {@link RpcConnection#principal()} is from now on
   */
  public void authenticated(Principal client) {
    connection.authenticated(client);
  }

  /**
   * Tells that both ends speak the extension {@link io.muxio.core.rpc.RpcSession#EXTENSION}; on the
   * event loop, before the handler is added behind the WebSocket codec.
   */
  public void extended() {
    extended = true;
  }

  /**
   * Whether both ends speak the extension.
   *
   * @return true once they do, for good
   */
  public boolean isExtended() {
    return extended;
  }

  /**
   * Tells why there will be no handshake; on the event loop. Whoever calls it closes the channel.
   *
   * @param cause why
   */
  public void handshakeFailed(Throwable cause) {
    life.failed(cause);
  }

  /**
   * Ends the connection, from any thread.
   *
   * @param status the WebSocket close code
   * @param reason the text that goes with it; what is over 123 bytes of UTF-8 is cut off
   */
  public void closeLater(WebSocketCloseStatus status, String reason) {
    onLoop(() -> end.close(status, reason), channel::close);
  }

  /**
   * Ends the connection when the calls that the peer has made are answered, and at a client its own
   * calls too, from any thread. Calls that come meanwhile are refused. Where the peer is a client
   * that can be told so, it ends the connection, because only it knows when none is on its way; it
   * has the close timeout for that.
   *
   * @param status the WebSocket close code
   * @param reason the text that goes with it; what is over 123 bytes of UTF-8 is cut off
   */
  public void drainLater(WebSocketCloseStatus status, String reason) {
    onLoop(
        () -> {
          end.drain(status, reason);
          sender.flush();
        },
        channel::close);
  }

  /**
   * The same for a client whose server takes no more calls: the server's are not refused.
   *
   * @param status the WebSocket close code
   * @param reason the text that goes with it; what is over 123 bytes of UTF-8 is cut off
   */
  public void finishLater(WebSocketCloseStatus status, String reason) {
    onLoop(
        () -> {
          end.finish(status, reason);
          sender.flush();
        },
        channel::close);
  }

  /**
   * Asks to be told when the peer takes no more calls; on the event loop.
   *
   * @param listener gets the peer's text, see {@link RpcDispatcher#onGoAway}
   */
  public void onGoAway(Consumer<String> listener) {
    dispatcher.onGoAway(listener);
  }

  /**
   * Behind what the loop is doing now; where the loop is gone, with its channels, the other task.
   */
  private void onLoop(Runnable task, Runnable withoutLoop) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      withoutLoop.run();
    }
  }

  RpcDispatcher dispatcher() {
    return dispatcher;
  }

  Sender sender() {
    return sender;
  }

  ConnectionState state() {
    return life.state();
  }

  boolean isUp() {
    return life.state() == ConnectionState.CONNECTED;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (isUp()) {
      sender.reading();
      inbox.add(message);
    } else { // what waits is dropped too, so there is no order to keep
      try {
        reader.read(message, Turn.endless());
      } finally {
        ReferenceCountUtil.release(message);
      }
    }
  }

  /** Also after a part of a message, which the WebSocket decoder keeps to itself. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    heartbeat.alive();
    inbox.onReadComplete();
    sender.passOver();
    if (isUp() && dispatcher.session().openStreams() > 0) {
      quickAck.acknowledge();
    }
    ctx.fireChannelReadComplete();
  }

  /** A client that does not read its answers is not read either, which bounds what waits for it. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (isUp()) {
      readGate.update();
    }
    ctx.fireChannelWritabilityChanged();
  }

  /** Half a connection is none: a peer that sends no more cannot answer pings either. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      Runnable halfClosed = this::halfClosed;
      inbox.add(halfClosed); // behind what has arrived
    }
    ctx.fireUserEventTriggered(event);
  }

  private void halfClosed() {
    end.cutOff(new IOException("the peer has closed its half of the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      inbox.add(corrupted); // behind what was right
    } else if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
      Runnable lost =
          () ->
              end.cutOff(new IOException("the connection was lost: " + cause.getMessage(), cause));
      inbox.add(lost); // behind what has arrived
    } else {
      end.broken(cause);
    }
  }

  private void socketClosed() {
    if (inbox == null) {
      ended();
    } else {
      Runnable ended = this::ended;
      inbox.add(ended); // behind what has arrived
    }
  }

  private void ended() {
    if (heartbeat != null) {
      heartbeat.stop();
      readGate.stop();
      idleTimer.stop();
    }
    end.ended(() -> disconnected.complete(null));
  }
}
