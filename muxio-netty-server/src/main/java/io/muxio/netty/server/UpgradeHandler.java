package io.muxio.netty.server;

import io.muxio.netty.ConnectionHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a connection of a WebSocket upgrade of the server's path, and lets every other request
 * pass. Of one channel, and its event loop.
 */
final class UpgradeHandler extends ChannelInboundHandlerAdapter {
  private enum State {
    /** No upgrade has come. */
    WAITING,
    /** One has, and is being answered; from {@link #WAITING}. */
    UPGRADING,
    /** There will be no connection, the channel is being closed; from any. Final. */
    REFUSED
  }

  private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

  private final ServerConfig config;
  private final ServerConnections connections;

  /** Null until the upgrade where the channel is not the server's. */
  private @Nullable ConnectionHandler connection;

  private State state = State.WAITING;
  private @Nullable Future<?> timeout;

  /**
   * Makes the handler of a channel.
   *
   * @param config of the server
   * @param connections of the server
   * @param connection the channel's; null to begin it with the upgrade
   */
  UpgradeHandler(
      ServerConfig config, ServerConnections connections, @Nullable ConnectionHandler connection) {
    this.config = config;
    this.connections = connections;
    this.connection = connection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.executor() != ctx.channel().eventLoop()) {
      throw new IllegalStateException(
          "handler added with an executor of its own (expected: on the channel's event loop)");
    }
    if (connection != null) {
      limitTime(ctx, connection);
    }
  }

  private void limitTime(ChannelHandlerContext ctx, ConnectionHandler begun) {
    long millis = config.limits().handshakeTimeout().toMillis();
    timeout =
        ctx.executor()
            .schedule(
                () -> fail(ctx, begun, new IOException("no handshake within " + millis + " ms")),
                millis,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == State.WAITING) {
      if (message instanceof HttpRequest request && isUpgrade(request)) {
        upgrade(ctx, request);
      } else {
        ctx.fireChannelRead(message);
      }
      return;
    }
    ReferenceCountUtil.release(message);
    if (state == State.UPGRADING && connection != null) {
      // Dropping it would hang a call.
      fail(ctx, connection, new IOException("bytes before the handshake was answered"));
    }
  }

  private boolean isUpgrade(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return request.decoderResult().isSuccess()
        && request.method().equals(HttpMethod.GET)
        && pathOf(request.uri()).equals(config.path())
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
  }

  /** The path as it was sent, of {@code /path?query} or {@code http://host/path?query}. */
  static String pathOf(String uri) {
    int start = 0;
    if (!uri.startsWith("/")) {
      int authority = uri.indexOf("://");
      start = authority < 0 ? 0 : Math.max(uri.indexOf('/', authority + 3), 0);
    }
    int query = uri.indexOf('?', start);
    return query < 0 ? uri.substring(start) : uri.substring(start, query);
  }

  private void upgrade(ChannelHandlerContext ctx, HttpRequest request) {
    try {
      ConnectionHandler begun = begin(ctx);
      HttpResponseStatus refusal = begun == null ? tooMany() : refusalOf(request, begun);
      if (begun != null && refusal == null) {
        connection = begun;
        state = State.UPGRADING;
        handshaker()
            .handshake(ctx.channel(), (FullHttpRequest) request)
            .addListener(done -> upgraded(ctx, (ChannelFuture) done, begun));
      } else if (refusal != null) {
        refuse(ctx, begun, refusal);
      }
    } finally {
      ReferenceCountUtil.release(request);
    }
  }

  private static HttpResponseStatus tooMany() {
    return HttpResponseStatus.SERVICE_UNAVAILABLE;
  }

  private @Nullable ConnectionHandler begin(ChannelHandlerContext ctx) {
    if (connection != null) {
      return connection;
    }
    ConnectionHandler begun = connections.begin(ctx.channel());
    if (begun != null) {
      limitTime(ctx, begun);
    }
    return begun;
  }

  private @Nullable HttpResponseStatus refusalOf(HttpRequest request, ConnectionHandler begun) {
    HttpHeaders headers = request.headers();
    if (!HttpAnswer.WEB_SOCKET_VERSION.contentEquals(
        headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, ""))) {
      return HttpResponseStatus.UPGRADE_REQUIRED;
    }
    if (!headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    if (!(request instanceof FullHttpRequest)) {
      logger.error(
          "upgrade request in parts (expected: an HttpObjectAggregator before this handler)");
      return HttpResponseStatus.INTERNAL_SERVER_ERROR;
    }
    return connections.admit(begun) ? null : tooMany();
  }

  private void refuse(
      ChannelHandlerContext ctx, @Nullable ConnectionHandler begun, HttpResponseStatus status) {
    state = State.REFUSED;
    logger.debug("{}: upgrade answered {}", ctx.channel().remoteAddress(), status);
    if (begun != null) {
      begun.handshakeFailed(new IOException("upgrade refused, answered " + status));
    }
    HttpAnswer.refuse(ctx, status, config.path());
  }

  private WebSocketServerHandshaker13 handshaker() {
    return new WebSocketServerHandshaker13("", null, config.connection().webSocket());
  }

  private void upgraded(ChannelHandlerContext ctx, ChannelFuture done, ConnectionHandler begun) {
    if (!done.isSuccess()) {
      fail(ctx, begun, done.cause());
    } else if (state == State.UPGRADING && ctx.channel().isActive()) {
      ChannelPipeline pipeline = ctx.pipeline();
      if (pipeline.get(HttpRefusal.class) != null) {
        pipeline.remove(HttpRefusal.class);
      }
      pipeline.replace(this, null, begun);
    }
  }

  private void fail(ChannelHandlerContext ctx, ConnectionHandler begun, Throwable cause) {
    state = State.REFUSED;
    logger.debug("{}: no handshake, {}", ctx.channel().remoteAddress(), cause.toString());
    begun.handshakeFailed(cause);
    ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (connection == null) {
      ctx.fireExceptionCaught(cause);
    } else {
      fail(ctx, connection, cause);
    }
  }
}
