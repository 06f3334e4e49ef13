package io.muxio.netty.server;

import io.muxio.netty.ConnectionHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up an accepted channel: HTTP until the upgrade, then WebSocket and a {@link
 * ConnectionHandler}.
 *
 * <pre>
 *   HttpServerCodec → HttpObjectAggregator → HandshakeGuard → WebSocketServerProtocolHandler → Starter
 *   after the upgrade: WebSocket codec → ConnectionHandler
 * </pre>
 */
final class ServerInitializer extends ChannelInitializer<Channel> {
  private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

  /** An upgrade request has no body. */
  private static final int MAX_REQUEST_BODY = 1024;

  private final ServerConfig config;
  private final ChannelGroup channels;
  private final WebSocketServerProtocolConfig webSocket;
  private volatile boolean refusing;

  /**
   * Makes the initializer.
   *
   * @param config the server's settings
   * @param channels gets every accepted channel, for the server's close
   */
  ServerInitializer(ServerConfig config, ChannelGroup channels) {
    this.config = config;
    this.channels = channels;
    this.webSocket =
        WebSocketServerProtocolConfig.newBuilder()
            // The guard has compared the whole path; this accepts any.
            .websocketPath("/")
            .checkStartsWith(true)
            .decoderConfig(
                WebSocketDecoderConfig.newBuilder()
                    .maxFramePayloadLength(config.limits().connection().maxMessageSize())
                    .expectMaskedFrames(true)
                    .allowExtensions(false)
                    // Text is refused whatever it says, and closing is the ConnectionHandler's.
                    .withUTF8Validator(false)
                    .closeOnProtocolViolation(false)
                    .build())
            .build();
  }

  /** Whether one more connection would be too many. */
  private boolean isFull() {
    return config.connection().connections().size() >= config.limits().maxConnections();
  }

  /** From now on every channel that is accepted is closed. */
  void refuse() {
    refusing = true;
  }

  @Override
  protected void initChannel(Channel channel) {
    channels.add(channel);
    // Those that have not shaken hands are bounded too: as many again as there may be connections.
    if (refusing || channels.size() > 2L * config.limits().maxConnections()) {
      channel.close();
      return;
    }
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(MAX_REQUEST_BODY))
        .addLast(new HandshakeGuard(config.path(), this::isFull))
        .addLast(new WebSocketServerProtocolHandler(webSocket))
        .addLast(new Starter());
  }

  /** Waits for the handshake, but not for ever, and then makes room for the connection. */
  private final class Starter extends ChannelInboundHandlerAdapter {
    private @Nullable Future<?> timeout;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      long millis = config.limits().handshakeTimeout().toMillis();
      timeout = ctx.executor().schedule(() -> giveUp(ctx), millis, TimeUnit.MILLISECONDS);
    }

    private void giveUp(ChannelHandlerContext ctx) {
      logger.debug(
          "{}: no handshake within {}",
          ctx.channel().remoteAddress(),
          config.limits().handshakeTimeout());
      ctx.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
        ctx.pipeline().remove(HandshakeGuard.class);
        ctx.pipeline().remove(WebSocketServerProtocolHandler.class);
        ctx.pipeline().replace(this, null, new ConnectionHandler(config.connection()));
      }
    }

    /** Nothing may come before the handshake was answered; dropping it would hang a call. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
      logger.debug("{}: bytes before the handshake was answered", ctx.channel().remoteAddress());
      ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      if (timeout != null) {
        timeout.cancel(false);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      logger.debug("{}: no handshake, {}", ctx.channel().remoteAddress(), cause.toString());
      ctx.close();
    }
  }
}
