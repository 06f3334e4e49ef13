package io.muxio.netty.server;

import io.muxio.netty.ConnectionHandler;
import io.muxio.netty.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A bound address and the channels that came in over it. */
final class Listener {
  private static final int BACKLOG = 1024;
  private static final int WRITE_LOW_WATER = 256 << 10;
  private static final int WRITE_HIGH_WATER = 1 << 20;
  private static final int CLOSE_GRACE_MILLIS = 1_000;
  private static final WebSocketCloseStatus GOING_AWAY = WebSocketCloseStatus.ENDPOINT_UNAVAILABLE;
  private static final String REASON = "the server closes";

  private final ServerConfig config;
  private final Channel channel;
  private final InetSocketAddress address;
  private final ServerInitializer initializer;
  private final ChannelGroup channels;

  private Listener(
      ServerConfig config, Channel channel, ServerInitializer initializer, ChannelGroup channels) {
    this.config = config;
    this.channel = channel;
    this.address = (InetSocketAddress) channel.localAddress();
    this.initializer = initializer;
    this.channels = channels;
  }

  static Listener bind(ServerConfig config, EventLoopGroup group) throws IOException {
    ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    ServerInitializer initializer = new ServerInitializer(config, channels);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(Transport.of(group).serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(WRITE_LOW_WATER, WRITE_HIGH_WATER))
            .childHandler(initializer);
    ChannelFuture bound = bootstrap.bind(config.bindAddress()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      InetSocketAddress address = config.bindAddress();
      String why = address.isUnresolved() ? "unknown host" : bound.cause().getMessage();
      throw new IOException(
          "cannot bind " + address.getHostString() + ":" + address.getPort() + ": " + why,
          bound.cause());
    }
    return new Listener(config, bound.channel(), initializer, channels);
  }

  InetSocketAddress address() {
    return address;
  }

  /**
   * Stops to accept, lets the calls that are running finish, says goodbye to every client, and
   * waits for them, but not for ever.
   */
  void close() {
    initializer.refuse(); // a channel that was accepted is in the group, or sees this
    channel.close().awaitUninterruptibly(CLOSE_GRACE_MILLIS);
    forEachConnection(connection -> connection.drainLater(GOING_AWAY, REASON));
    if (allGoneWithin(config.limits().drainTimeout().toMillis())) {
      return;
    }
    forEachConnection(connection -> connection.closeLater(GOING_AWAY, REASON));
    if (!allGoneWithin(
        config.limits().connection().closeTimeout().toMillis() + CLOSE_GRACE_MILLIS)) {
      channels.close().awaitUninterruptibly(CLOSE_GRACE_MILLIS);
    }
  }

  private boolean allGoneWithin(long millis) {
    return channels.newCloseFuture().awaitUninterruptibly(millis, TimeUnit.MILLISECONDS);
  }

  /** On the event loop of each; a channel without a handshake is closed. */
  private void forEachConnection(Consumer<ConnectionHandler> action) {
    for (Channel accepted : channels) {
      try {
        accepted.eventLoop().execute(() -> tell(accepted, action));
      } catch (RejectedExecutionException e) {
        accepted.close(); // its loop is gone, so this is all that is left to do
      }
    }
  }

  private static void tell(Channel accepted, Consumer<ConnectionHandler> action) {
    ConnectionHandler connection = accepted.pipeline().get(ConnectionHandler.class);
    if (connection == null) {
      accepted.close();
    } else {
      action.accept(connection);
    }
  }
}
