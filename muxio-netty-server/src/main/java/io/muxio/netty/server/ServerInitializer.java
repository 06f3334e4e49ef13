package io.muxio.netty.server;

import io.muxio.netty.ConnectionHandler;
import io.muxio.netty.PeerAddress;
import io.muxio.netty.TlsHandlers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up an accepted channel: HTTP until the upgrade, then WebSocket and a {@link
 * ConnectionHandler}.
 *
 * <pre>
 *   SslHandler, where the server has TLS
 *   HttpServerCodec → HttpObjectAggregator → UpgradeHandler → HttpRefusal
 *   after the upgrade: WebSocket codec → ConnectionHandler
 * </pre>
 */
final class ServerInitializer extends ChannelInitializer<Channel> {
  private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

  /** An upgrade request has no body. */
  private static final int MAX_REQUEST_BODY = 1024;

  private final ServerConfig config;
  private final ServerConnections connections;

  ServerInitializer(ServerConfig config, ServerConnections connections) {
    this.config = config;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    ConnectionHandler connection = connections.begin(channel);
    if (connection == null) {
      logger.debug("{}: closed, the server closes or has too many", PeerAddress.of(channel));
      channel.close();
      return;
    }
    SslContext tls = config.tls();
    if (tls != null) {
      Executor executor = config.connection().callbackExecutor();
      channel.pipeline().addLast(TlsHandlers.server(tls, channel.alloc(), executor));
    }
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new Aggregator(config.path()))
        .addLast(new UpgradeHandler(config, connections, connection))
        .addLast(new HttpRefusal(config.path(), connection));
  }

  /**
   * Closes behind its refusal. One that goes on to answer the next request and the next could be
   * made to hold any number of answers for a client that reads none.
   */
  private static final class Aggregator extends HttpObjectAggregator {
    private final String path;

    Aggregator(String path) {
      super(MAX_REQUEST_BODY, true);
      this.path = path;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
      HttpAnswer.refuse(ctx, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, path);
    }
  }
}
