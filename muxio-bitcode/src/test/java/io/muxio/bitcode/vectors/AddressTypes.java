package io.muxio.bitcode.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.muxio.bitcode.Addresses;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.regex.Pattern;

/** The types of the vectors that are addresses without a port. */
final class AddressTypes {
  private static final int V6_BYTES = 16;

  /** Anything else would be looked up as the name of a host. */
  private static final Pattern V4 = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F.:]*:[0-9a-fA-F.:]*");

  private AddressTypes() {}

  static Map<String, JsonType<?>> all() {
    return Map.of(
        "Ipv4Addr",
        new JsonType<>(
            Addresses.ipv4(), AddressTypes::readV4, AddressTypes::write, AddressTypes::drawV4),
        "Ipv6Addr",
        new JsonType<>(
            Addresses.ipv6(), AddressTypes::readV6, AddressTypes::write, AddressTypes::drawV6),
        "IpAddr",
        new JsonType<>(
            Addresses.ip(),
            json -> json.has("V4") ? readV4(json.get("V4")) : readV6(Json.member(json, "V6")),
            AddressTypes::writeEither,
            dice -> dice.bool() ? drawV4(dice) : drawV6(dice)));
  }

  private static Inet4Address readV4(JsonNode json) {
    String text = Json.text(json);
    Json.require(V4.matcher(text).matches(), json, "an IPv4 address");
    try {
      return (Inet4Address) InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Inet6Address readV6(JsonNode json) {
    String text = Json.text(json);
    Json.require(V6.matcher(text).matches(), json, "an IPv6 address");
    try {
      byte[] bytes = InetAddress.getByName(text).getAddress();
      return v6(bytes.length == V6_BYTES ? bytes : mapped(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Java takes an IPv4 address that is mapped into IPv6 for an IPv4 address. */
  private static byte[] mapped(byte[] v4) {
    return ByteBuffer.allocate(V6_BYTES).position(10).putShort((short) 0xffff).put(v4).array();
  }

  private static JsonNode write(InetAddress address) {
    return JsonNodeFactory.instance.textNode(address.getHostAddress());
  }

  private static JsonNode writeEither(InetAddress address) {
    return FieldTypes.object(address instanceof Inet4Address ? "V4" : "V6", write(address));
  }

  private static Inet4Address drawV4(Dice dice) {
    byte[] bytes = ByteBuffer.allocate(4).putInt(dice.integer(32, true).intValue()).array();
    try {
      return (Inet4Address) InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an IPv4 address", e);
    }
  }

  private static Inet6Address drawV6(Dice dice) {
    BigInteger number = dice.integer(8 * V6_BYTES, true);
    ByteBuffer bytes = ByteBuffer.allocate(V6_BYTES);
    bytes.putLong(number.shiftRight(Long.SIZE).longValue()).putLong(number.longValue());
    return v6(bytes.array());
  }

  private static Inet6Address v6(byte[] bytes) {
    try {
      return Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new AssertionError("sixteen bytes are an IPv6 address", e);
    }
  }
}
