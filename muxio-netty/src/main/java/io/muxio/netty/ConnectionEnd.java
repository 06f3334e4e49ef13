package io.muxio.netty;

import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.Turn;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.rpc.service.ConnectionState;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one connection ends. Used on its event loop only.
 *
 * <pre>
 *   method    who ends it                          the peer is told         an error
 *   close     a user, the server, idleness         the code, after what     no
 *                                                  was written
 *   byPeer    the peer says so                     the same                 no
 *   refuse    the peer broke a rule or a limit     the code                 yes
 *   broken    a bug of ours                        1011, what was written   yes
 *                                                  is dropped
 *   cutOff    it is silent, reads nothing, or is   nothing, it would not    yes
 *             gone                                 hear
 * </pre>
 *
 * After each the socket is closed, and {@link #ended} is what happens then.
 */
final class ConnectionEnd {
  private static final Logger logger = LoggerFactory.getLogger(ConnectionHandler.class);

  private final Channel channel;
  private final RpcDispatcher dispatcher;
  private final ConnectionLife life;
  private final Duration closeTimeout;
  private final boolean waitsForOwnCalls;
  private final Turn turn = Turn.usual();

  /** Where frames are written, once the handshake is done. */
  private @Nullable ChannelHandlerContext context;

  private @Nullable ReadGate readGate;

  private @Nullable Future<?> closeTimer;
  private @Nullable Runnable whenDrained;
  private @Nullable IOException cutOffBy;
  private boolean callsEnded;

  /** Set when the socket is closed, until the calls have ended. */
  private @Nullable Runnable whenEnded;

  ConnectionEnd(
      Channel channel, RpcDispatcher dispatcher, ConnectionLife life, ConnectionConfig config) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.life = life;
    this.closeTimeout = config.limits().closeTimeout();
    this.waitsForOwnCalls = config.idSpace() == IdSpace.CLIENT;
  }

  void connected(ChannelHandlerContext ctx, ReadGate gate) {
    context = ctx;
    readGate = gate;
  }

  /** Sends what was written and a WebSocket close. */
  void close(WebSocketCloseStatus status, String reason) {
    if (life.state() == ConnectionState.CONNECTING) {
      life.endExpected();
      channel.close();
    } else if (life.state() == ConnectionState.CONNECTED) {
      dispatcher.session().flush();
      sayGoodbye(new CloseWebSocketFrame(status, CloseReason.fit(reason)), reason);
    }
  }

  /**
   * Refuses calls, and closes when those that were made are answered: those of the peer, and at a
   * client its own. A server that waited for its clients' answers could be kept from closing. What
   * is written leaves with the next flush.
   */
  void drain(WebSocketCloseStatus status, String reason) {
    if (life.state() == ConnectionState.CONNECTED) {
      dispatcher.refuseCalls(reason);
      dispatcher.session().sendGoAway(reason);
    }
    finish(status, reason);
  }

  /** Closes when the calls are answered, and refuses none: the peer takes no more, but may call. */
  void finish(WebSocketCloseStatus status, String reason) {
    Runnable close = () -> close(status, reason);
    if (life.state() != ConnectionState.CONNECTED) {
      close.run();
    } else if (!waitsForOwnCalls && dispatcher.session().isExtended()) {
      // Calls may be on their way that would be lost; the client closes when it knows of all.
      whenDrained = () -> awaitClose(close);
    } else {
      whenDrained = close;
    }
  }

  /** As long as a peer has to answer a close. */
  private void awaitClose(Runnable close) {
    if (closeTimer == null) {
      closeTimer =
          channel.eventLoop().schedule(close, closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Called whenever a call may have been answered. */
  void closeIfDrained() {
    boolean ownCallsDone = !waitsForOwnCalls || dispatcher.pendingCalls() == 0;
    if (whenDrained != null && dispatcher.inboundCalls() == 0 && ownCallsDone) {
      whenDrained.run();
    }
  }

  /** Says the peer's close back, as it has to be, and closes the socket. */
  void byPeer(CloseWebSocketFrame close) {
    logger.debug("{}: closed by the peer, {} {}", life, close.statusCode(), close.reasonText());
    dispatcher.session().flush();
    sayGoodbye(close.retainedDuplicate(), "closed by the peer")
        .addListener(ChannelFutureListener.CLOSE);
  }

  /** Closes a connection that nobody uses. */
  void forIdleness(Duration timeout) {
    close(
        WebSocketCloseStatus.ENDPOINT_UNAVAILABLE,
        "idleTimeout: no message and no call for " + timeout);
  }

  void refuse(ProtocolException cause) {
    WebSocketCloseStatus status =
        switch (cause.reason()) {
          case FRAME_TOO_LARGE -> WebSocketCloseStatus.MESSAGE_TOO_BIG;
          case TOO_MANY_STREAMS, TOO_MANY_ABANDONED, BUFFER_FULL ->
              WebSocketCloseStatus.POLICY_VIOLATION;
          default -> WebSocketCloseStatus.PROTOCOL_ERROR;
        };
    refuse(status, cause);
  }

  void refuse(CorruptedWebSocketFrameException cause) {
    refuse(cause.closeStatus(), cause);
  }

  /** Closes the connection for what its peer did. */
  private void refuse(WebSocketCloseStatus status, Throwable cause) {
    if (life.state() == ConnectionState.CONNECTED) {
      String reason = String.valueOf(cause.getMessage());
      logger.warn("{}: closed, {}", life, reason);
      life.failed(cause);
      close(status, reason);
    }
  }

  /** What was written may be half a frame, so it is dropped. */
  void broken(Throwable cause) {
    if (life.state() == ConnectionState.CONNECTED) {
      logger.error("{}: closed after an error of ours", life, cause);
      life.failed(cause);
      sayGoodbye(
          new CloseWebSocketFrame(WebSocketCloseStatus.INTERNAL_SERVER_ERROR, "internal error"),
          "internal error");
    }
  }

  /** Closes the socket of a peer that does not read and so would not hear a close. */
  void giveUp(IOException cause) {
    logger.warn("{}: closed, {}", life, cause.getMessage());
    cutOff(cause);
  }

  /** Closes the socket of a peer that is gone, as the clients of a mobile network are at times. */
  void gone(IOException cause) {
    logger.info("{}: closed, {}", life, cause.getMessage());
    cutOff(cause);
  }

  /** Closes the socket; may be called from within a write, which has to end before its calls do. */
  void cutOff(IOException cause) {
    if (life.state() == ConnectionState.CONNECTED) {
      life.failed(cause);
      life.disconnecting();
      cutOffBy = cause;
      channel.eventLoop().execute(() -> endCalls(cause));
    }
    channel.close();
  }

  /**
   * Ends the calls, sends a WebSocket close, and then waits a while for the peer's: closing the
   * socket at once, with bytes of the peer unread, could destroy the close on its way.
   */
  private ChannelFuture sayGoodbye(CloseWebSocketFrame close, String reason) {
    assert context != null && readGate != null : "not connected";
    if (life.state() == ConnectionState.CONNECTED) { // else the last flush was one too many
      life.endExpected();
      life.disconnecting();
    }
    endCalls(new IOException("the connection was closed: " + reason));
    readGate.stop();
    if (closeTimer != null) {
      closeTimer.cancel(false);
    }
    closeTimer =
        channel
            .eventLoop()
            .schedule(() -> channel.close(), closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
    return context.writeAndFlush(close);
  }

  /** A turn at a time; where there are few, all in the first. */
  private void endCalls(Throwable cause) {
    if (dispatcher.closedBy() == null) {
      endMoreCalls(cause);
    }
  }

  private void endMoreCalls(Throwable cause) {
    if (dispatcher.close(cause, turn.begin())) {
      callsEnded();
    } else {
      NextPass.run(
          channel.eventLoop(),
          () -> endMoreCalls(cause),
          () -> {
            dispatcher.close(cause);
            callsEnded();
          });
    }
  }

  private void callsEnded() {
    callsEnded = true;
    tellIfEnded();
  }

  /**
   * The socket is closed.
   *
   * @param onEnded called when the calls have ended too, so that nothing is left
   */
  void ended(Runnable onEnded) {
    whenEnded = onEnded;
    String what =
        life.state() == ConnectionState.CONNECTING
            ? "closed before the handshake was done"
            : "the connection was lost";
    IOException cause = cutOffBy == null ? new IOException(what) : cutOffBy;
    life.failed(cause);
    if (life.state() == ConnectionState.CONNECTED) {
      life.disconnecting();
    }
    if (closeTimer != null) {
      closeTimer.cancel(false);
    }
    endCalls(cause);
    tellIfEnded();
  }

  private void tellIfEnded() {
    Runnable told = whenEnded;
    if (callsEnded && told != null) {
      whenEnded = null;
      try {
        life.disconnected();
      } finally {
        told.run();
      }
    }
  }
}
