package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  @ParameterizedTest
  @ValueSource(strings = {"::", "::1", "ffff:ffff::1", "7fff::", "2001:db8::7"})
  void ipv6(String text) throws UnknownHostException {
    Inet6Address address = (Inet6Address) InetAddress.getByName(text);
    assertThat(Addresses.ipv6().decode(Addresses.ipv6().encode(address))).isEqualTo(address);
  }

  @Test
  void anIpv4AddressInsideIpv6StaysIpv6() {
    byte[] mapped = HexFormat.of().parseHex("0204030201ffff0000");
    assertThat(Addresses.ipv6().decode(mapped).getAddress())
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4);
  }

  @Test
  void sockets() throws UnknownHostException {
    InetSocketAddress v4 = new InetSocketAddress(InetAddress.getByName("1.2.3.4"), 80);
    assertThat(Addresses.socketV4().encode(v4)).containsExactly(0, 4, 3, 2, 1, 80, 0);
    assertThat(Addresses.socket().decode(Addresses.socket().encode(v4))).isEqualTo(v4);
    Inet6Address scoped = Inet6Address.getByAddress(null, new byte[16], 5);
    InetSocketAddress v6 = new InetSocketAddress(scoped, 443);
    InetSocketAddress decoded = Addresses.socket().decode(Addresses.socket().encode(v6));
    assertThat(((Inet6Address) decoded.getAddress()).getScopeId()).isEqualTo(5);
    assertThat(decoded.getPort()).isEqualTo(443);
  }

  @Test
  void flowInformationIsDropped() {
    byte[] message = HexFormat.of().parseHex("08030500040c040b");
    InetSocketAddress decoded = Addresses.socketV6().decode(message);
    assertThat(decoded.getPort()).isEqualTo(5);
    assertThat(Addresses.socketV6().encode(decoded))
        .isEqualTo(HexFormat.of().parseHex("080305000400040b"));
  }

  @Test
  void socketsWithoutTheRightAddressAreRejected() throws UnknownHostException {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("example", 1);
    assertThatThrownBy(() -> Addresses.socket().encode(unresolved))
        .isInstanceOf(BitcodeException.class)
        .hasMessageContaining("expected a resolved Inet4Address");
    InetSocketAddress v4 = new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 1);
    assertThatThrownBy(() -> Addresses.socketV6().encode(v4))
        .isInstanceOf(BitcodeException.class)
        .hasMessageContaining("expected a resolved Inet6Address");
  }
}
