package io.muxio.netty;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** Says where the peer of a channel is. */
public final class PeerAddress {
  private PeerAddress() {}

  /**
   * The address that users see and logs name.
   *
   * @param channel whose socket is connected
   * @return the channel's remote address. For a unix socket a {@link UnixDomainSocketAddress},
   *     whatever the transport; as clients have none of their own there, that of the server's
   *     socket on both ends
   */
  public static SocketAddress of(Channel channel) {
    SocketAddress remote = channel.remoteAddress();
    if (!Transport.isUnix(channel)) {
      return remote;
    }
    String path = pathOf(remote);
    return UnixDomainSocketAddress.of(path.isEmpty() ? pathOf(channel.localAddress()) : path);
  }

  /** All transports' addresses are told as their path; @ is how tools write an abstract name. */
  private static String pathOf(@Nullable SocketAddress address) {
    return address == null ? "" : address.toString().replace('\0', '@');
  }
}
