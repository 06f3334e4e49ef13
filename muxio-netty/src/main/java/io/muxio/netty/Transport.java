package io.muxio.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ways to do I/O, the preferred ones first. */
@SuppressWarnings("ImmutableEnumChecker") // the suppliers hold no state
public enum Transport {
  /** Linux epoll; on the class path by default. */
  EPOLL(
      Epoll::isAvailable,
      EpollIoHandler.class,
      EpollIoHandler::newFactory,
      EpollServerSocketChannel.class,
      EpollSocketChannel.class,
      EpollChannelOption.TCP_QUICKACK),
  /** Linux io_uring; where {@code netty-transport-native-io_uring} is on the class path. */
  IO_URING(
      IoUring::isAvailable,
      IoUringIoHandler.class,
      IoUringIoHandler::newFactory,
      IoUringServerSocketChannel.class,
      IoUringSocketChannel.class,
      IoUringChannelOption.TCP_QUICKACK),
  /** Java NIO; everywhere. It cannot acknowledge at once. */
  NIO(
      () -> true,
      NioIoHandler.class,
      NioIoHandler::newFactory,
      NioServerSocketChannel.class,
      NioSocketChannel.class,
      null);

  private final BooleanSupplier available;
  private final Class<? extends IoHandler> handlerType;
  private final Supplier<IoHandlerFactory> handlerFactory;
  private final Class<? extends ServerChannel> serverChannel;
  private final Class<? extends Channel> channelType;
  private final @Nullable ChannelOption<Boolean> quickAck;

  Transport(
      BooleanSupplier available,
      Class<? extends IoHandler> handlerType,
      Supplier<IoHandlerFactory> handlerFactory,
      Class<? extends ServerChannel> serverChannel,
      Class<? extends Channel> channelType,
      @Nullable ChannelOption<Boolean> quickAck) {
    this.available = available;
    this.handlerType = handlerType;
    this.handlerFactory = handlerFactory;
    this.serverChannel = serverChannel;
    this.channelType = channelType;
    this.quickAck = quickAck;
  }

  /**
   * Whether this machine and class path have it.
   *
   * @return true for {@link #NIO}, anywhere
   */
  public boolean isAvailable() {
    return available.getAsBoolean();
  }

  /**
   * The first that is available.
   *
   * @return a native transport on Linux, as a rule
   */
  public static Transport best() {
    for (Transport transport : values()) {
      if (transport.isAvailable()) {
        return transport;
      }
    }
    return NIO;
  }

  /**
   * The transport that a group was made for.
   *
   * @param group an event-loop group of the user's
   * @return its transport
   * @throws IllegalArgumentException where it is none of these
   */
  public static Transport of(EventLoopGroup group) {
    if (group instanceof IoEventLoopGroup ioGroup) {
      for (Transport transport : values()) {
        if (transport.isAvailable() && ioGroup.isIoType(transport.handlerType)) {
          return transport;
        }
      }
    }
    throw new IllegalArgumentException(
        "event-loop group: "
            + group.getClass().getName()
            + " (expected: a MultiThreadIoEventLoopGroup for epoll, io_uring or NIO)");
  }

  /**
   * Makes a group of event loops.
   *
   * @param threads how many; 0 for Netty's default, twice the processors
   * @param name of the threads
   * @param daemon whether the JVM may exit while they run
   * @return a new group, which its owner shuts down
   */
  public EventLoopGroup newGroup(int threads, String name, boolean daemon) {
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory(name, daemon), handlerFactory.get());
  }

  /**
   * The listening channel's type.
   *
   * @return the type
   */
  public Class<? extends ServerChannel> serverChannel() {
    return serverChannel;
  }

  /**
   * The connecting channel's type.
   *
   * @return the type
   */
  public Class<? extends Channel> channel() {
    return channelType;
  }

  /** The option that acknowledges what was read at once, or null where the channel has none. */
  static @Nullable ChannelOption<Boolean> quickAckOf(Channel channel) {
    for (Transport transport : values()) {
      if (transport.isAvailable() && transport.channelType.isInstance(channel)) {
        return transport.quickAck;
      }
    }
    return null;
  }
}
