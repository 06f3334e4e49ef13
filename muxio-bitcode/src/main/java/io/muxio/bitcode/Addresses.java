package io.muxio.bitcode;

import static io.muxio.bitcode.Enums.variant;
import static io.muxio.bitcode.Enums.variants;
import static io.muxio.bitcode.Structs.field;
import static io.muxio.bitcode.Structs.struct;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/** Codecs of Rust's {@code std::net}. */
public final class Addresses {
  private static final int IPV6_BYTES = 16;

  private Addresses() {}

  /** {@return the codec of {@code Ipv4Addr}} */
  public static BitcodeCodec<Inet4Address> ipv4() {
    return new MappedCodec<>(
        "Ipv4Addr",
        Bitcode.u32(),
        Addresses::ipv4,
        address -> ByteBuffer.wrap(address.getAddress()).getInt() & 0xffff_ffffL);
  }

  /** {@return the codec of {@code Ipv6Addr}, without scope} */
  public static BitcodeCodec<Inet6Address> ipv6() {
    return new MappedCodec<>(
        "Ipv6Addr",
        Bitcode.u128(),
        number -> ipv6(number, -1),
        address -> new BigInteger(1, address.getAddress()));
  }

  /** {@return the codec of {@code IpAddr}} */
  public static BitcodeCodec<InetAddress> ip() {
    return named(
        "IpAddr",
        variants(
            variant("V4", Inet4Address.class, ipv4()), variant("V6", Inet6Address.class, ipv6())));
  }

  /** {@return the codec of {@code SocketAddrV4}; it rejects addresses of another kind} */
  public static BitcodeCodec<InetSocketAddress> socketV4() {
    return named(
        "SocketAddrV4",
        struct(
            InetSocketAddress::new,
            field("ip", socket -> address(socket, Inet4Address.class), ipv4()),
            field("port", InetSocketAddress::getPort, Bitcode.u16())));
  }

  /**
   * The codec of {@code SocketAddrV6}; it rejects addresses of another kind. The flow information,
   * for which Java has no place, is dropped when decoding and is 0 when encoding.
   *
   * @return the codec
   */
  public static BitcodeCodec<InetSocketAddress> socketV6() {
    return named(
        "SocketAddrV6",
        struct(
            Addresses::socketV6,
            field("ip", socket -> number(address(socket, Inet6Address.class)), Bitcode.u128()),
            field("port", InetSocketAddress::getPort, Bitcode.u16()),
            field("flowinfo", socket -> 0L, Bitcode.u32()),
            field(
                "scope_id",
                socket -> (long) address(socket, Inet6Address.class).getScopeId(),
                Bitcode.u32())));
  }

  /** {@return the codec of {@code SocketAddr}, see {@link #socketV6}} */
  public static BitcodeCodec<InetSocketAddress> socket() {
    return named(
        "SocketAddr",
        variants(
            socket -> socket.getAddress() instanceof Inet6Address ? 1 : 0,
            List.of(variant("V4", socketV4()), variant("V6", socketV6()))));
  }

  private static <T> BitcodeCodec<T> named(String name, BitcodeCodec<T> codec) {
    return new MappedCodec<>(name, codec, Function.identity(), Function.identity());
  }

  private static <A extends InetAddress> A address(InetSocketAddress socket, Class<A> kind) {
    if (!kind.isInstance(socket.getAddress())) {
      throw new BitcodeException(
          "%s, expected a resolved %s".formatted(socket, kind.getSimpleName()));
    }
    return kind.cast(socket.getAddress());
  }

  private static InetSocketAddress socketV6(
      BigInteger address, int port, long flowInfo, long scopeId) {
    if (scopeId > Integer.MAX_VALUE) {
      throw new BitcodeException("scope %d, expected at most 2^31 - 1".formatted(scopeId));
    }
    return new InetSocketAddress(ipv6(address, scopeId == 0 ? -1 : (int) scopeId), port);
  }

  private static Inet4Address ipv4(long number) {
    try {
      byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) number).array();
      return (Inet4Address) InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an IPv4 address", e);
    }
  }

  private static Inet6Address ipv6(BigInteger number, int scopeId) {
    byte[] bytes = new byte[IPV6_BYTES];
    byte[] digits = number.toByteArray();
    // A leading sign byte may make it 17.
    int length = Math.min(digits.length, IPV6_BYTES);
    System.arraycopy(digits, digits.length - length, bytes, IPV6_BYTES - length, length);
    try {
      return Inet6Address.getByAddress(null, bytes, scopeId);
    } catch (UnknownHostException e) {
      throw new AssertionError("sixteen bytes are an IPv6 address", e);
    }
  }

  private static BigInteger number(Inet6Address address) {
    return new BigInteger(1, address.getAddress());
  }
}
