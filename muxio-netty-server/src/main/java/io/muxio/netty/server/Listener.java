package io.muxio.netty.server;

import io.muxio.netty.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A bound address. */
final class Listener {
  private static final int BACKLOG = 1024;
  private static final int CLOSE_GRACE_MILLIS = 1_000;

  private final Channel channel;
  private final InetSocketAddress address;

  private Listener(Channel channel) {
    this.channel = channel;
    this.address = (InetSocketAddress) channel.localAddress();
  }

  static Listener bind(InetSocketAddress address, EventLoopGroup group, ChannelHandler initializer)
      throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(Transport.of(group).serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(initializer);
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      String why = address.isUnresolved() ? "unknown host" : bound.cause().getMessage();
      throw new IOException(
          "cannot bind " + address.getHostString() + ":" + address.getPort() + ": " + why,
          bound.cause());
    }
    return new Listener(bound.channel());
  }

  InetSocketAddress address() {
    return address;
  }

  /** Stops to accept. */
  void close() {
    channel.close().awaitUninterruptibly(CLOSE_GRACE_MILLIS);
  }
}
