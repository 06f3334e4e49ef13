package io.muxio.netty;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.core.rpc.SessionConfig;
import io.muxio.rpc.caller.CallerHost;
import io.muxio.rpc.caller.ConnectionCaller;
import io.muxio.rpc.endpoint.CallTimeouts;
import io.muxio.rpc.endpoint.EndpointHost;
import io.muxio.rpc.service.RpcCaller;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One muxio connection on a channel whose WebSocket handshake is done: lends what was read to the
 * protocol, sends what the protocol wrote, answers pings and closes. It is the only owner of
 * inbound buffers. All its state belongs to the channel's event loop.
 *
 * <pre>
 *   bytes → WebSocket decoder → ConnectionHandler → RpcDispatcher
 *   bytes ← WebSocket encoder ← ConnectionHandler ← RpcDispatcher
 * </pre>
 */
public final class ConnectionHandler extends ChannelInboundHandlerAdapter
    implements Outbox.Flusher {
  private enum State {
    /** Frames go both ways. */
    OPEN,
    /** Our WebSocket close was sent; what still comes is dropped, nothing more is sent. */
    CLOSING,
    /** The channel is closed. Final. */
    CLOSED
  }

  private static final Logger logger = LoggerFactory.getLogger(ConnectionHandler.class);

  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1_000;

  private final ConnectionConfig config;
  private volatile State state = State.OPEN;
  private boolean reading;
  private boolean flushScheduled;
  private boolean written;
  private @Nullable Future<?> closeTimer;

  /** Set while the connection drains. */
  private @Nullable Runnable closeWhenIdle;

  // Set when the handler is added to its pipeline, before anything else is called.
  private ChannelHandlerContext context;
  private ChannelConnection connection;
  private RpcDispatcher dispatcher;
  private Outbox outbox;
  private RpcCaller caller;
  private Heartbeat heartbeat;
  private QuickAck quickAck;
  private ReadGate readGate;

  /**
   * Makes the handler of one connection, to be added behind the WebSocket handlers once the
   * handshake is done.
   *
   * @param config how the connection behaves
   */
  @SuppressWarnings("NullAway.Init") // see handlerAdded
  public ConnectionHandler(ConnectionConfig config) {
    this.config = config;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    connection = new ChannelConnection(ctx.channel(), this);
    outbox = new Outbox(ctx.channel(), this);
    quickAck = new QuickAck(ctx.channel());
    EndpointHost host =
        new EndpointHost(
            connection,
            config.handlerExecutor(),
            config.callbackExecutor(),
            outbox,
            ctx.executor(),
            new CallTimeouts(config.limits().requestTimeout(), config.limits().callTimeout()),
            ctx.alloc());
    SessionConfig session =
        new SessionConfig(
            config.idSpace(),
            config.format(),
            0,
            config.chunkSize(),
            SessionConfig.DEFAULT_MAX_OUTGOING_MESSAGE,
            config.limits().core(),
            ctx.alloc(),
            ConnectionHandler::wallClockMicros);
    dispatcher = new RpcDispatcher(session, this::send, config.endpoint().serve(host));
    readGate = new ReadGate(ctx.channel(), dispatcher.session(), config.limits().readerTimeout());
    caller =
        new ConnectionCaller(
            new CallerHost(
                dispatcher, outbox, ctx.executor(), config.callbackExecutor(), ctx.alloc()));
    heartbeat =
        new Heartbeat(
            ctx,
            config.limits().heartbeatInterval(),
            config.limits().heartbeatTimeout(),
            this::closeForSilence);
    config.connections().add(connection);
    // Not channelInactive, which a channel that is closed by now would not tell any more; and never
    // at
    // once, because the channel may have been closed from within a write, which has to end first.
    ctx.channel().closeFuture().addListener(closed -> onLoop(this::forget, this::forget));
    logger.debug("{}: connected", connection);
  }

  private static long wallClockMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * MICROS_PER_SECOND + now.getNano() / NANOS_PER_MICRO;
  }

  /**
   * Ends the connection, from any thread.
   *
   * @param status the WebSocket close code
   * @param reason the text that goes with it, at most 123 bytes of UTF-8
   */
  public void closeLater(WebSocketCloseStatus status, String reason) {
    onLoop(() -> close(status, reason), context::close);
  }

  /**
   * Ends the connection when the calls that the peer has made are answered, from any thread. Calls
   * that come meanwhile are refused.
   *
   * @param status the WebSocket close code
   * @param reason the text that goes with it, at most 123 bytes of UTF-8
   */
  public void drainLater(WebSocketCloseStatus status, String reason) {
    onLoop(() -> drain(status, reason), context::close);
  }

  /**
   * Behind what the loop is doing now; where the loop is gone, with its channels, the other task.
   */
  private void onLoop(Runnable task, Runnable withoutLoop) {
    try {
      context.executor().execute(task);
    } catch (RejectedExecutionException e) {
      withoutLoop.run();
    }
  }

  private void drain(WebSocketCloseStatus status, String reason) {
    dispatcher.refuseCalls(reason);
    closeWhenIdle = () -> close(status, reason);
    flush();
  }

  RpcCaller caller() {
    return caller;
  }

  boolean isClosing() {
    return state != State.OPEN;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    heartbeat.onRead();
    try {
      if (state == State.OPEN) {
        reading = true;
        receive(message);
        readGate.update();
      } else if (message instanceof CloseWebSocketFrame) {
        ctx.close(); // the answer to ours
      }
    } catch (ProtocolException e) {
      closeForProtocol(e);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** A WebSocket close would not reach such a peer, so it gets none. */
  private void closeForSilence() {
    if (state == State.OPEN) {
      logger.info(
          "{}: closed, nothing came from it for {}",
          connection,
          config.limits().heartbeatTimeout());
      state = State.CLOSING;
      dispatcher.close(
          new IOException("nothing came from the peer for " + config.limits().heartbeatTimeout()));
    }
    context.close();
  }

  private void receive(Object message) {
    if (message instanceof BinaryWebSocketFrame || message instanceof ContinuationWebSocketFrame) {
      WebSocketFrame frame = (WebSocketFrame) message;
      dispatcher.session().receive(frame.content(), frame.isFinalFragment());
    } else if (message instanceof PingWebSocketFrame ping) {
      written = true;
      context.write(new PongWebSocketFrame(ping.content().retain()));
    } else if (message instanceof CloseWebSocketFrame close) {
      closedByPeer(close);
    } else if (message instanceof TextWebSocketFrame) {
      refuse(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "text message (expected: binary)");
    } else if (!(message instanceof PongWebSocketFrame)) {
      refuse(WebSocketCloseStatus.PROTOCOL_ERROR, "bytes before the handshake was answered");
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    flush();
    if (state == State.OPEN && dispatcher.session().openStreams() > 0) {
      quickAck.acknowledge();
    }
    ctx.fireChannelReadComplete();
  }

  /** A peer that does not read its answers is not read either, which bounds what waits for it. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (state == State.OPEN && ctx.channel().isWritable()) {
      outbox.onWritable();
    }
    readGate.update();
    ctx.fireChannelWritabilityChanged();
  }

  private void forget() {
    state = State.CLOSED;
    config.connections().remove(connection);
    heartbeat.stop();
    readGate.stop();
    if (closeTimer != null) {
      closeTimer.cancel(false);
    }
    dispatcher.close(new IOException("the connection was lost"));
    logger.debug("{}: disconnected", connection);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      logger.warn("{}: not WebSocket, {}", connection, cause.getMessage());
      close(corrupted.closeStatus(), String.valueOf(cause.getMessage()));
    } else if (cause instanceof IOException) {
      logger.debug("{}: lost, {}", connection, cause.toString());
      ctx.close();
    } else {
      broken(cause);
    }
  }

  private void closeForProtocol(ProtocolException cause) {
    WebSocketCloseStatus status =
        switch (cause.reason()) {
          case FRAME_TOO_LARGE -> WebSocketCloseStatus.MESSAGE_TOO_BIG;
          case TOO_MANY_STREAMS, BUFFER_FULL -> WebSocketCloseStatus.POLICY_VIOLATION;
          default -> WebSocketCloseStatus.PROTOCOL_ERROR;
        };
    refuse(status, String.valueOf(cause.getMessage()));
  }

  /** Closes the connection for what its peer did. */
  private void refuse(WebSocketCloseStatus status, String reason) {
    logger.warn("{}: closed, {}", connection, reason);
    close(status, reason);
  }

  /** Sends what was written and a WebSocket close. */
  private void close(WebSocketCloseStatus status, String reason) {
    if (state == State.OPEN) {
      dispatcher.session().flush();
      sayGoodbye(new CloseWebSocketFrame(status, CloseReason.fit(reason)), reason);
    }
  }

  /** Says the peer's close back, as it has to be, and closes the socket. */
  private void closedByPeer(CloseWebSocketFrame close) {
    logger.debug(
        "{}: closed by the peer, {} {}", connection, close.statusCode(), close.reasonText());
    dispatcher.session().flush();
    sayGoodbye(close.retainedDuplicate(), "closed by the peer")
        .addListener(ChannelFutureListener.CLOSE);
  }

  /** What was written may be half a frame, so it is dropped. */
  @Override
  public void broken(Throwable cause) {
    if (state == State.OPEN) {
      logger.error("{}: closed after an error of ours", connection, cause);
      sayGoodbye(
          new CloseWebSocketFrame(WebSocketCloseStatus.INTERNAL_SERVER_ERROR, "internal error"),
          "internal error");
    }
  }

  /**
   * Ends the calls, sends a WebSocket close, and then waits a while for the peer's: closing the
   * socket at once, with bytes of the peer unread, could destroy the close on its way.
   */
  private ChannelFuture sayGoodbye(CloseWebSocketFrame close, String reason) {
    state = State.CLOSING;
    dispatcher.close(new IOException("the connection was closed: " + reason));
    readGate.stop();
    closeTimer =
        context
            .executor()
            .schedule(
                () -> context.close(),
                config.limits().closeTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
    return context.writeAndFlush(close);
  }

  private void send(ByteBuf message) {
    if (state != State.OPEN) {
      message.release();
    } else if (context.channel().bytesBeforeWritable() > config.limits().maxOutboundBytes()) {
      message.release();
      logger.warn(
          "{}: closed, it does not read and more than {} bytes wait for it",
          connection,
          config.limits().maxOutboundBytes());
      state = State.CLOSING;
      context.close(); // a WebSocket close would wait behind them
    } else {
      written = true;
      context.write(new BinaryWebSocketFrame(message));
    }
  }

  @Override
  public void flush() {
    if (state == State.OPEN) {
      dispatcher.session().flush();
      if (written) {
        written = false;
        context.flush();
      }
      readGate.update();
      if (closeWhenIdle != null && dispatcher.inboundCalls() == 0) {
        closeWhenIdle.run();
      }
    }
  }

  @Override
  public void flushSoon() {
    if (!reading && !flushScheduled) {
      flushScheduled = true;
      context
          .executor()
          .execute(
              () -> {
                flushScheduled = false;
                flush();
              });
    }
  }
}
