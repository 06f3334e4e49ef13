package io.muxio.netty;

import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.UnixDomainSocketAddress;

/** Java NIO. */
final class NioTypes {
  static final ChannelTypes TYPES =
      new ChannelTypes(
          NioIoHandler.class,
          NioIoHandler::newFactory,
          new ChannelTypes.Pair(NioServerSocketChannel.class, NioSocketChannel.class),
          new ChannelTypes.Pair(NioServerDomainSocketChannel.class, NioDomainSocketChannel.class),
          UnixDomainSocketAddress::of,
          null);

  private NioTypes() {}
}
