package io.muxio.netty.client;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a client connects to.
 *
 * @param uri as it was given
 * @param host the name or address, an IPv6 address in brackets
 * @param port the port, where none was given that of the scheme
 * @param isSecure whether it is {@code wss}
 */
record ServerUri(URI uri, String host, int port, boolean isSecure) {
  private static final int WS_PORT = 80;
  private static final int WSS_PORT = 443;

  static ServerUri parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(wrong(text) + ": " + e.getMessage(), e);
    }
    boolean isSecure = "wss".equalsIgnoreCase(uri.getScheme());
    if (!isSecure && !"ws".equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException(wrong(text));
    }
    if (uri.getHost() == null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(wrong(text));
    }
    int standardPort = isSecure ? WSS_PORT : WS_PORT;
    int port = uri.getPort() < 0 ? standardPort : uri.getPort();
    return new ServerUri(uri, uri.getHost(), port, isSecure);
  }

  /** The host as certificates name it, an IPv6 address without brackets. */
  String name() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String wrong(String text) {
    return "uri: '" + text + "' (expected: ws://HOST[:PORT][/PATH][?QUERY] or wss://…)";
  }

  @Override
  public String toString() {
    // Not the query, which may hold a secret.
    return uri.getScheme() + "://" + host + ":" + port + uri.getRawPath();
  }
}
