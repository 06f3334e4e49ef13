package io.muxio.netty.server;

import io.muxio.netty.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Stands between clients and a server, forwards what they say, and then nothing any more, without a
 * word to either: what a cable does that is pulled out.
 */
final class SilentProxy implements AutoCloseable {
  /** Without the leak check, which would take most of its time. */
  private static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(false, true);

  private final EventLoopGroup group = Transport.NIO.newGroup(1, "proxy", true);
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;

  SilentProxy(SocketAddress server) {
    listener =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.ALLOCATOR, MEMORY)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    connect(client, server);
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private void connect(Channel client, SocketAddress server) {
    new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.ALLOCATOR, MEMORY)
        .handler(forwarderTo(client))
        .connect(server)
        .addListener(
            connected -> {
              Channel toServer = ((ChannelFuture) connected).channel();
              channels.add(client);
              channels.add(toServer);
              client.pipeline().addLast(forwarderTo(toServer));
              client.config().setAutoRead(true);
            });
  }

  private static ChannelHandler forwarderTo(Channel other) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        other.writeAndFlush(bytes);
      }
    };
  }

  /** From now on it takes nothing from either side, and closes nothing. */
  void goSilent() throws InterruptedException {
    group.submit(() -> channels.forEach(channel -> channel.config().setAutoRead(false))).sync();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    channels.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
