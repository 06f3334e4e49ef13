package io.muxio.netty.server;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page comes from, as browsers say it. Two are equal if a browser takes them for the same.
 *
 * @param scheme in lower case
 * @param host in lower case; an IPv6 address in brackets and in its shortest form
 * @param port where none was given that of the scheme; {@link #NO_PORT} where the scheme has none
 */
record Origin(String scheme, String host, int port) {
  static final String HTTP = "http";
  static final String HTTPS = "https";
  private static final int NO_PORT = -1;
  private static final int MAX_PORT = 0xffff;
  private static final Map<String, Integer> STANDARD_PORTS = Map.of(HTTP, 80, HTTPS, 443);

  /** No more than these parts: no user, no path, not even a slash at the end. */
  private static final Pattern PARTS =
      Pattern.compile(
          "([a-zA-Z][a-zA-Z0-9+.-]*)://(\\[[0-9a-fA-F:.]+]|[a-zA-Z0-9._-]+)(?::([1-9][0-9]{0,4}))?");

  /** Null where the text is no origin; {@code null}, which browsers send for some, is none. */
  static @Nullable Origin parse(String text) {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    String host = normalHost(parts.group(2));
    String portText = parts.group(3);
    int port =
        portText == null
            ? STANDARD_PORTS.getOrDefault(scheme, NO_PORT)
            : Integer.parseInt(portText);
    return host == null || port > MAX_PORT ? null : new Origin(scheme, host, port);
  }

  private static @Nullable String normalHost(String host) {
    if (!host.startsWith("[")) {
      return host.toLowerCase(Locale.ROOT);
    }
    String address = host.substring(1, host.length() - 1);
    byte[] bytes =
        NetUtil.isValidIpV6Address(address)
            ? NetUtil.createByteArrayFromIpAddressString(address)
            : null;
    return bytes == null ? null : "[" + NetUtil.bytesToIpAddress(bytes) + "]";
  }
}
