package io.muxio.netty;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import org.jspecify.annotations.Nullable;

/** Linux io_uring. Loaded only to find out whether it is there: its classes may not be. */
final class IoUringTypes {
  private static final ChannelTypes TYPES =
      new ChannelTypes(
          IoUringIoHandler.class,
          IoUringIoHandler::newFactory,
          new ChannelTypes.Pair(IoUringServerSocketChannel.class, IoUringSocketChannel.class),
          new ChannelTypes.Pair(
              IoUringServerDomainSocketChannel.class, IoUringDomainSocketChannel.class),
          DomainSocketAddress::new,
          IoUringChannelOption.TCP_QUICKACK);

  private IoUringTypes() {}

  /** Null where this machine or class path has no io_uring. */
  static @Nullable ChannelTypes find() {
    return IoUring.isAvailable() ? TYPES : null;
  }
}
