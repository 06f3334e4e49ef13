package io.muxio.netty.server;

import io.muxio.netty.ConnectionHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up an accepted channel: HTTP until the upgrade, then WebSocket and a {@link
 * ConnectionHandler}.
 *
 * <pre>
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
      logger.debug("{}: closed, the server closes or has too many", channel.remoteAddress());
      channel.close();
      return;
    }
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(MAX_REQUEST_BODY))
        .addLast(new UpgradeHandler(config, connections, connection))
        .addLast(new HttpRefusal(config.path(), connection));
  }
}
