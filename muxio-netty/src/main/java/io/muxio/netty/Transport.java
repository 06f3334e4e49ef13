package io.muxio.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ways to do I/O, the preferred ones first. */
@SuppressWarnings("ImmutableEnumChecker") // what is found out about a transport does not change
public enum Transport {
  /** Linux epoll; on the class path by default. */
  EPOLL(() -> EpollTypes.find()), // no method reference, which would need the class already
  /** Linux io_uring; where {@code netty-transport-native-io_uring} is on the class path. */
  IO_URING(() -> IoUringTypes.find()),
  /** Java NIO; everywhere. It cannot acknowledge at once. */
  NIO(() -> NioTypes.TYPES);

  /** Linux has 108 bytes for it, the last of which is a zero. */
  private static final int LONGEST_PATH = 107;

  private final Supplier<@Nullable ChannelTypes> types;

  /** Netty's classes for it were left out. */
  private volatile boolean missing;

  Transport(Supplier<@Nullable ChannelTypes> types) {
    this.types = types;
  }

  /** Null where this machine or class path does not have it. */
  private @Nullable ChannelTypes find() {
    if (missing) {
      return null;
    }
    try {
      return types.get();
    } catch (LinkageError e) {
      missing = true;
      return null;
    }
  }

  private ChannelTypes types() {
    ChannelTypes found = find();
    if (found == null) {
      throw new IllegalStateException(
          "transport " + this + " is not available (expected: such as " + best() + ")");
    }
    return found;
  }

  /**
   * Whether this machine and class path have it.
   *
   * @return true for {@link #NIO}, anywhere
   */
  public boolean isAvailable() {
    return find() != null;
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
        ChannelTypes types = transport.find();
        if (types != null && ioGroup.isIoType(types.handlerType())) {
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
   * @throws IllegalStateException where the transport is not available
   */
  public EventLoopGroup newGroup(int threads, String name, boolean daemon) {
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory(name, daemon), types().handlerFactory().get());
  }

  /**
   * The address of a unix socket; every transport has them.
   *
   * @param path in the default file system, 107 bytes at most
   * @return its address
   * @throws IllegalArgumentException where the path is empty or too long
   */
  public static UnixDomainSocketAddress unixAddress(Path path) {
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > LONGEST_PATH) {
      throw new IllegalArgumentException(
          "unix socket '"
              + path
              + "': "
              + length
              + " bytes (expected: 1 to "
              + LONGEST_PATH
              + ", as systems have no more room for its path)");
    }
    return UnixDomainSocketAddress.of(path);
  }

  /**
   * The type of the channel that listens on an address.
   *
   * @param address a {@link UnixDomainSocketAddress}, or one of TCP
   * @return the type
   * @throws IllegalStateException where the transport is not available
   */
  public Class<? extends ServerChannel> serverChannel(SocketAddress address) {
    return pair(address).server();
  }

  /**
   * The type of the channel that connects to an address.
   *
   * @param address a {@link UnixDomainSocketAddress}, or one of TCP
   * @return the type
   * @throws IllegalStateException where the transport is not available
   */
  public Class<? extends Channel> channel(SocketAddress address) {
    return pair(address).client();
  }

  private ChannelTypes.Pair pair(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress ? types().unix() : types().tcp();
  }

  /**
   * An address as the channels of this transport take it.
   *
   * @param address a {@link UnixDomainSocketAddress}, or one of TCP
   * @return the same address
   * @throws IllegalStateException where the transport is not available
   */
  public SocketAddress nativeAddress(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress unix
        ? types().unixAddress().apply(unix.getPath().toString())
        : address;
  }

  /** Whether it is a connection over a unix socket. */
  static boolean isUnix(Channel channel) {
    for (Transport transport : values()) {
      ChannelTypes types = transport.find();
      if (types != null && types.unix().client().isInstance(channel)) {
        return true;
      }
    }
    return false;
  }

  /** The option that acknowledges what was read at once, or null where the channel has none. */
  static @Nullable ChannelOption<Boolean> quickAckOf(Channel channel) {
    for (Transport transport : values()) {
      ChannelTypes types = transport.find();
      if (types != null && types.tcp().client().isInstance(channel)) {
        return types.quickAck();
      }
    }
    return null;
  }
}
