package io.muxio.netty.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a client has said of itself when it asked for the WebSocket upgrade, a GET. Immutable, and
 * valid for as long as it is kept. What was sent twice where one was asked for counts as not sent:
 * a proxy may have looked at the other one.
 *
 * @param uri as it was sent, path and query
 * @param headers of the request, by names without regard to case; cannot be changed
 * @param peerCertificates what the client has shown, its own certificate first; empty without TLS
 *     and where the server asks for none
 * @param remoteAddress where the client is, or the last proxy before the server
 * @param isSecure whether it came over TLS that ends in this server
 */
public record HandshakeRequest(
    String uri,
    HttpHeaders headers,
    List<X509Certificate> peerCertificates,
    SocketAddress remoteAddress,
    boolean isSecure) {

  /**
   * Keeps copies.
   *
   * @param uri see the record
   * @param headers see the record
   * @param peerCertificates see the record
   * @param remoteAddress see the record
   * @param isSecure see the record
   * @throws IllegalArgumentException where the query cannot be decoded
   */
  public HandshakeRequest {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(remoteAddress, "remoteAddress");
    headers = copyOf(headers);
    peerCertificates = List.copyOf(peerCertificates);
    query(uri).parameters();
  }

  private static HttpHeaders copyOf(HttpHeaders headers) {
    CharSequence[] namesAndValues =
        headers.entries().stream()
            .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
            .toArray(CharSequence[]::new);
    return new ReadOnlyHttpHeaders(false, namesAndValues);
  }

  /** A semicolon separates nothing, as browsers have it; none of the parameters is left out. */
  private static QueryStringDecoder query(String uri) {
    int start = uri.indexOf('?');
    return QueryStringDecoder.builder()
        .hasPath(false)
        .charset(StandardCharsets.UTF_8)
        .semicolonIsNormalChar(true)
        .maxParams(uri.length() + 1)
        .build(start < 0 ? "" : uri.substring(start + 1));
  }

  /**
   * The path of {@link #uri()}, which is the server's.
   *
   * @return as it was sent
   */
  public String path() {
    return UpgradeRules.pathOf(uri);
  }

  /**
   * A header that was sent once.
   *
   * @param name without regard to case
   * @return its value; null where it was not sent, or more than once
   */
  public @Nullable String header(String name) {
    return only(headers.getAll(name));
  }

  /**
   * A parameter of the query that was sent once.
   *
   * @param name decoded
   * @return its value, decoded; null where it was not sent, or more than once
   */
  public @Nullable String parameter(String name) {
    return only(parameters(name));
  }

  /**
   * All values of a parameter of the query.
   *
   * @param name decoded
   * @return decoded, in the order in which they were sent
   */
  public List<String> parameters(String name) {
    return List.copyOf(query(uri).parameters().getOrDefault(name, List.of()));
  }

  /**
   * A cookie that was sent once.
   *
   * @param name as it was set
   * @return its value; null where it was not sent, or more than once
   */
  public @Nullable String cookie(String name) {
    return only(cookies(name));
  }

  /**
   * All values of a cookie, which browsers send several of where they were set for several paths.
   *
   * @param name as it was set
   * @return in the order in which they were sent; without those that are malformed
   */
  public List<String> cookies(String name) {
    return headers.getAll(HttpHeaderNames.COOKIE).stream()
        .flatMap(header -> ServerCookieDecoder.STRICT.decodeAll(header).stream())
        .filter(cookie -> cookie.name().equals(name))
        .map(Cookie::value)
        .toList();
  }

  private static @Nullable String only(List<String> values) {
    return values.size() == 1 ? values.get(0) : null;
  }

  /** Without the query and the headers, which may hold secrets. */
  @Override
  public String toString() {
    return "handshake of " + remoteAddress + " for " + path();
  }
}
