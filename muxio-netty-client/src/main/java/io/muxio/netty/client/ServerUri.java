package io.muxio.netty.client;

import io.muxio.netty.Transport;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a client connects to.
 *
 * @param uri what the handshake asks for: as it was given, or for a unix socket a URI of this
 *     machine
 * @param host the name or address, an IPv6 address in brackets
 * @param port the port, where none was given that of the scheme
 * @param isSecure whether it is {@code wss}
 * @param socket the unix socket to connect to; null for TCP
 */
record ServerUri(
    URI uri, String host, int port, boolean isSecure, @Nullable UnixDomainSocketAddress socket) {
  private static final int WS_PORT = 80;
  private static final int WSS_PORT = 443;

  /** What the Host header says of a unix socket, which has no name. */
  private static final String THIS_MACHINE = "localhost";

  /** Where the path of a unix socket ends and that of the service begins. */
  private static final String SEPARATOR = ":/";

  private static final String DEFAULT_PATH = "/ws";

  static ServerUri parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
      if ("unix".equalsIgnoreCase(uri.getScheme())) {
        return parseUnix(text, uri);
      }
    } catch (URISyntaxException e) {
      // Not the exception, which has the whole text.
      throw new IllegalArgumentException(
          wrong(text) + ": " + e.getReason() + " at " + e.getIndex());
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
    return new ServerUri(uri, uri.getHost(), port, isSecure, null);
  }

  private static ServerUri parseUnix(String text, URI uri) throws URISyntaxException {
    String path = uri.getRawPath();
    boolean isFile = path != null && path.startsWith("/");
    if (!isFile || uri.getRawAuthority() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(wrong(text));
    }
    int end = path.indexOf(SEPARATOR);
    String file = end < 0 ? path : path.substring(0, end);
    String service = end < 0 ? DEFAULT_PATH : path.substring(end + 1);
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    try {
      UnixDomainSocketAddress socket = Transport.unixAddress(Path.of(new URI(file).getPath()));
      URI asked = new URI("ws://" + THIS_MACHINE + service + query);
      return new ServerUri(asked, THIS_MACHINE, WS_PORT, false, socket);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(wrong(text) + ": " + e.getMessage(), e);
    }
  }

  /** The host as certificates name it, an IPv6 address without brackets. */
  String name() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Without user and query, which may hold a secret. */
  private static String wrong(String text) {
    return "uri: '"
        + text.replaceFirst("\\?.*", "?…").replaceFirst("//[^/?#:]*:[^/?#]*@", "//…@")
        + "' (expected: ws://HOST[:PORT][/PATH][?QUERY], wss://… or unix:/FILE[:/PATH][?QUERY])";
  }

  @Override
  public String toString() {
    // Not the query, which may hold a secret.
    return socket == null
        ? uri.getScheme() + "://" + host + ":" + port + uri.getRawPath()
        : "unix:" + socket + ":" + uri.getRawPath();
  }
}
