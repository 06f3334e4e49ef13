package io.muxio.netty;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** Linux epoll. Loaded only to find out whether it is there: its classes may not be. */
final class EpollTypes {
  private static final ChannelTypes TYPES =
      new ChannelTypes(
          EpollIoHandler.class,
          EpollIoHandler::newFactory,
          new ChannelTypes.Pair(EpollServerSocketChannel.class, EpollSocketChannel.class),
          new ChannelTypes.Pair(
              EpollServerDomainSocketChannel.class, EpollDomainSocketChannel.class),
          DomainSocketAddress::new,
          EpollChannelOption.TCP_QUICKACK);

  private EpollTypes() {}

  /** Null where this machine or class path has no epoll. */
  static @Nullable ChannelTypes find() {
    return Epoll.isAvailable() ? TYPES : null;
  }
}
