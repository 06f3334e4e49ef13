package io.muxio.netty.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which pages a browser may connect from. Browsers let every page open WebSockets to every server,
 * with the cookies that they have for it, and tell the page's origin; other clients tell none.
 *
 * @param allowed besides pages of the same host
 * @param isAnyAllowed whether nobody is asked
 */
record Origins(Set<Origin> allowed, boolean isAnyAllowed) {
  static final Origins SAME_HOST = new Origins(Set.of(), false);

  Origins {
    allowed = Set.copyOf(allowed);
  }

  /** Allows more. */
  Origins and(String text) {
    Origin origin = Origin.parse(text);
    if (origin == null) {
      throw new IllegalArgumentException(
          "origin: '"
              + text
              + "' (expected: SCHEME://HOST[:PORT] in ASCII without a slash at the end, such as"
              + " https://shop.example; allowAnyOrigin() for all)");
    }
    Set<Origin> more = new HashSet<>(allowed);
    more.add(origin);
    return new Origins(more, isAnyAllowed);
  }

  Origins andAny() {
    return new Origins(allowed, true);
  }

  /**
   * Whether a request may connect.
   *
   * @param headers of the request
   * @param isSecure whether it came over TLS that ends in this server
   */
  boolean admits(HttpHeaders headers, boolean isSecure) {
    List<String> told = headers.getAll(HttpHeaderNames.ORIGIN);
    if (isAnyAllowed || told.isEmpty()) {
      return true;
    }
    Origin origin = told.size() == 1 ? Origin.parse(told.get(0)) : null;
    return origin != null && (allowed.contains(origin) || isSameHost(origin, headers, isSecure));
  }

  /**
   * Without TLS of our own there may be a proxy with TLS before us, so a page may have come either
   * way. With it, a page without was open to be changed on its way.
   */
  private static boolean isSameHost(Origin origin, HttpHeaders headers, boolean isSecure) {
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    boolean isRightScheme =
        origin.scheme().equals(Origin.HTTPS) || (origin.scheme().equals(Origin.HTTP) && !isSecure);
    return isRightScheme
        && hosts.size() == 1
        && origin.equals(Origin.parse(origin.scheme() + "://" + hosts.get(0)));
  }
}
