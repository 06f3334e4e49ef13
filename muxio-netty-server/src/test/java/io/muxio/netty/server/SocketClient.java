package io.muxio.netty.server;

import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.rpc.SessionConfig;
import io.muxio.netty.ConnectionConfig;
import io.muxio.netty.ConnectionHandler;
import io.muxio.netty.ConnectionLimits;
import io.muxio.netty.HandlerExecutors;
import io.muxio.netty.Transport;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.RpcConnection;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A client of this project over a socket: the connection of {@code muxio-netty} behind Netty's
 * WebSocket handshake, masking included.
 */
final class SocketClient implements AutoCloseable {
  private static final int WAIT_SECONDS = 20;
  private static final int MAX_RESPONSE = 1024;

  private final EventLoopGroup group;
  private final ExecutorService handlers = HandlerExecutors.create("client-handler");
  private final ExecutorService callbacks = HandlerExecutors.create("client-callback");
  private final ConnectionHandler handler;

  private SocketClient(
      Transport transport,
      InetSocketAddress server,
      RpcEndpoint endpoint,
      FrameFormat format,
      ConnectionLimits limits)
      throws Exception {
    ConnectionConfig config =
        new ConnectionConfig(
            IdSpace.CLIENT,
            format,
            SessionConfig.DEFAULT_CHUNK_SIZE,
            limits,
            endpoint,
            handlers,
            callbacks,
            List.of());
    URI uri = URI.create("ws://127.0.0.1:" + server.getPort() + "/ws");
    CompletableFuture<ConnectionHandler> connected = new CompletableFuture<>();
    group = transport.newGroup(1, "client", true);
    new Bootstrap()
        .group(group)
        .channel(transport.channel())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(new HttpClientCodec())
                    .addLast(new HttpObjectAggregator(MAX_RESPONSE))
                    .addLast(new Handshake(uri, config, connected));
              }
            })
        .connect(server)
        .sync();
    handler = connected.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  static SocketClient connect(
      Transport transport,
      InetSocketAddress server,
      RpcEndpoint endpoint,
      FrameFormat format,
      ConnectionLimits limits)
      throws Exception {
    return new SocketClient(transport, server, endpoint, format, limits);
  }

  RpcConnection connection() {
    return handler.connection();
  }

  /** Closes the socket without a WebSocket close. */
  void vanish() {
    handler.channel().close();
  }

  @Override
  public void close() {
    handler
        .connection()
        .close()
        .toCompletableFuture()
        .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
        .join();
    group.shutdownGracefully(0, WAIT_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    handlers.shutdown();
    callbacks.shutdown();
  }

  /** Asks for the upgrade, and gives its place to the connection. */
  private static final class Handshake extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final WebSocketClientHandshaker handshaker;
    private final ConnectionConfig config;
    private final CompletableFuture<ConnectionHandler> connected;

    /** Begins with the socket, whose other end is known then. */
    private ConnectionHandler connection;

    Handshake(URI uri, ConnectionConfig config, CompletableFuture<ConnectionHandler> connected) {
      this.handshaker =
          new WebSocketClientHandshaker13(
              uri,
              WebSocketVersion.V13,
              null,
              false,
              new DefaultHttpHeaders(),
              config.limits().maxMessageSize());
      this.config = config;
      this.connected = connected;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      connection = ConnectionHandler.begin(ctx.channel(), config);
      handshaker.handshake(ctx.channel());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
      handshaker.finishHandshake(ctx.channel(), response);
      ctx.pipeline().replace(this, null, connection);
      connected.complete(connection);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (connection != null) {
        connection.handshakeFailed(cause);
      }
      connected.completeExceptionally(cause);
      ctx.close();
    }
  }
}
