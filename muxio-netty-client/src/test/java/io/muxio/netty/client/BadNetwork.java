package io.muxio.netty.client;

import io.muxio.netty.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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

/** Stands between clients and a server, and does to their bytes what networks do. */
final class BadNetwork implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  /** Without the leak check, which would take most of its time. */
  private static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(false, true);

  private final EventLoopGroup group = Transport.NIO.newGroup(1, "network", true);
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;
  private final SocketAddress server;

  // On the one event loop.
  private long delayMillis;
  private long bytesUntilReset = NEVER;

  BadNetwork(SocketAddress server) {
    this.server = server;
    listener =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.ALLOCATOR, MEMORY)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    connect(client);
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  String uri() {
    return "ws://127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort() + "/ws";
  }

  private void connect(Channel client) {
    new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.ALLOCATOR, MEMORY)
        .handler(new Forwarder(client))
        .connect(server)
        .addListener(
            connected -> {
              Channel toServer = ((ChannelFuture) connected).channel();
              channels.add(client);
              channels.add(toServer);
              client.pipeline().addLast(new Forwarder(toServer));
              client.config().setAutoRead(true);
            });
  }

  /** Closes every connection that there is. */
  void cut() throws InterruptedException {
    group.submit(() -> channels.close()).sync();
  }

  /** From now on it takes nothing of the connections that there are, and closes nothing. */
  void stall() throws InterruptedException {
    group.submit(() -> channels.forEach(channel -> channel.config().setAutoRead(false))).sync();
  }

  /** Resets the connections after so many more bytes, wherever that is. */
  void resetAfter(long bytes) throws InterruptedException {
    group.submit(() -> bytesUntilReset = bytes).sync();
  }

  /** From now on everything is on its way for so long. */
  void delay(long millis) throws InterruptedException {
    group.submit(() -> delayMillis = millis).sync();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    channels.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void reset() {
    bytesUntilReset = NEVER;
    for (Channel channel : channels) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }

  private final class Forwarder extends ChannelInboundHandlerAdapter {
    private final Channel other;

    Forwarder(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      if (bytes.readableBytes() >= bytesUntilReset) {
        other.writeAndFlush(bytes.readRetainedSlice((int) bytesUntilReset));
        bytes.release();
        reset();
        return;
      }
      if (bytesUntilReset != NEVER) {
        bytesUntilReset -= bytes.readableBytes();
      }
      if (delayMillis == 0) {
        other.writeAndFlush(bytes);
      } else {
        group.next().schedule(() -> other.writeAndFlush(bytes), delayMillis, TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      other.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
