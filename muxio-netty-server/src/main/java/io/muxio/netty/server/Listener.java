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
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A bound address. */
final class Listener {
  private static final int BACKLOG = 1024;
  private static final int CLOSE_GRACE_MILLIS = 1_000;

  private final Channel channel;
  private final SocketAddress address;

  /** Of a unix socket. */
  private final @Nullable SocketFile file;

  private Listener(Channel channel, SocketAddress address, @Nullable SocketFile file) {
    this.channel = channel;
    this.address = address;
    this.file = file;
  }

  /** Binds the address that the server was told, which is not null. */
  static Listener bind(ServerConfig config, EventLoopGroup group, ChannelHandler initializer)
      throws IOException {
    SocketAddress address = Objects.requireNonNull(config.bindAddress(), "bindAddress");
    if (address instanceof UnixDomainSocketAddress unix) {
      return bindUnix(new SocketFile(unix, config.socketPermissions()), unix, group, initializer);
    }
    InetSocketAddress tcp = (InetSocketAddress) address;
    ServerBootstrap bootstrap =
        bootstrap(tcp, group, initializer)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true);
    ChannelFuture bound = bootstrap.bind(tcp).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      String why = tcp.isUnresolved() ? "unknown host" : bound.cause().getMessage();
      throw cannotBind(tcp.getHostString() + ":" + tcp.getPort(), why, bound.cause());
    }
    return new Listener(bound.channel(), bound.channel().localAddress(), null);
  }

  private static Listener bindUnix(
      SocketFile file,
      UnixDomainSocketAddress address,
      EventLoopGroup group,
      ChannelHandler initializer)
      throws IOException {
    try {
      ServerBootstrap bootstrap = bootstrap(address, group, initializer);
      Channel[] channel = new Channel[1];
      file.bindBy(
          () -> {
            ChannelFuture bound =
                bootstrap.bind(Transport.of(group).nativeAddress(address)).awaitUninterruptibly();
            if (!bound.isSuccess()) {
              throw new IOException(bound.cause().getMessage(), bound.cause());
            }
            channel[0] = bound.channel();
          });
      Listener listener = new Listener(channel[0], address, file);
      try {
        file.bound();
      } catch (IOException e) {
        listener.close();
        throw e;
      }
      return listener;
    } catch (IOException e) {
      throw cannotBind("unix:" + address, e.getMessage(), e);
    }
  }

  private static ServerBootstrap bootstrap(
      SocketAddress address, EventLoopGroup group, ChannelHandler initializer) {
    return new ServerBootstrap()
        .group(group)
        .channel(Transport.of(group).serverChannel(address))
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childHandler(initializer);
  }

  private static IOException cannotBind(String address, @Nullable String why, Throwable cause) {
    return new IOException("cannot bind " + address + ": " + why, cause);
  }

  SocketAddress address() {
    return address;
  }

  /** Stops to accept. */
  void close() {
    if (file == null) {
      closeChannel();
    } else {
      file.closeAround(this::closeChannel);
    }
  }

  private void closeChannel() {
    channel.close().awaitUninterruptibly(CLOSE_GRACE_MILLIS);
  }
}
