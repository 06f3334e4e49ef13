package io.muxio.netty;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.Turn;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * What each WebSocket message of the peer is for: frames of ours go to the protocol, pings are
 * answered, what is out of place ends the connection. Used on the connection's event loop only.
 */
final class MessageReader implements Inbox.Reader {
  private final ConnectionHandler connection;
  private final ChannelHandlerContext context;
  private final ConnectionEnd end;
  private final ReadGate gate;
  private final IdleTimer idleTimer;

  MessageReader(
      ConnectionHandler connection,
      ChannelHandlerContext context,
      ConnectionEnd end,
      ReadGate gate,
      IdleTimer idleTimer) {
    this.connection = connection;
    this.context = context;
    this.end = end;
    this.gate = gate;
    this.idleTimer = idleTimer;
  }

  @Override
  public boolean read(Object message, Turn turn) {
    if (message instanceof Runnable task) {
      task.run();
      return true;
    }
    if (!connection.isUp()) {
      if (message instanceof CloseWebSocketFrame) {
        context.close(); // the answer to ours
      }
      return true;
    }
    try {
      return receive(message, turn);
    } catch (ProtocolException e) {
      end.refuse(e);
      return true;
    } finally {
      gate.update();
    }
  }

  private boolean receive(Object message, Turn turn) {
    if (message instanceof BinaryWebSocketFrame || message instanceof ContinuationWebSocketFrame) {
      WebSocketFrame frame = (WebSocketFrame) message;
      idleTimer.onMessage();
      return connection
          .dispatcher()
          .session()
          .receive(frame.content(), frame.isFinalFragment(), turn);
    }
    if (message instanceof PingWebSocketFrame ping) {
      connection.sender().pong(ping.content().retain());
    } else if (message instanceof CloseWebSocketFrame close) {
      end.byPeer(close);
    } else if (message instanceof TextWebSocketFrame) {
      refuse(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "text message (expected: binary)");
    } else if (message instanceof CorruptedWebSocketFrameException corrupted) {
      end.refuse(corrupted);
    } else if (!(message instanceof PongWebSocketFrame)) {
      refuse(WebSocketCloseStatus.PROTOCOL_ERROR, "bytes before the handshake was answered");
    }
    return true;
  }

  private void refuse(WebSocketCloseStatus status, String what) {
    end.refuse(new CorruptedWebSocketFrameException(status, what));
  }

  @Override
  public void onWaiting(boolean waiting) {
    gate.hold(waiting);
  }

  @Override
  public void onPassOver() {
    connection.sender().passOver();
  }

  @Override
  public void broken(Throwable cause) {
    end.broken(cause);
  }
}
