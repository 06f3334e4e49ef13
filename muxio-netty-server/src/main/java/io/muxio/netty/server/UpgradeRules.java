package io.muxio.netty.server;

import io.muxio.netty.PeerAddress;
import io.muxio.netty.PeerText;
import io.muxio.netty.TlsHandlers;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a request has to be to become a connection, as far as it can be told from the request. */
final class UpgradeRules {
  private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

  private UpgradeRules() {}

  /** Whether it is an upgrade of the server's path; every other request is somebody else's. */
  static boolean isUpgrade(HttpRequest request, String path) {
    HttpHeaders headers = request.headers();
    return request.decoderResult().isSuccess()
        && request.method().equals(HttpMethod.GET)
        && pathOf(request.uri()).equals(path)
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
  }

  /** The path as it was sent, of {@code /path?query} or {@code http://host/path?query}. */
  static String pathOf(String uri) {
    int query = uri.indexOf('?');
    String target = query < 0 ? uri : uri.substring(0, query);
    int authority = target.startsWith("/") ? -1 : target.indexOf("://");
    if (authority < 0) {
      return target;
    }
    int path = target.indexOf('/', authority + 3);
    return path < 0 ? "/" : target.substring(path);
  }

  /** Whether the request came over TLS that ends here. */
  static boolean isSecure(ChannelHandlerContext ctx) {
    return ctx.pipeline().get(SslHandler.class) != null;
  }

  /** Why an upgrade is refused; null where it is not. */
  static @Nullable Admission refusalOf(
      HttpRequest request, Origins origins, ChannelHandlerContext ctx) {
    HttpHeaders headers = request.headers();
    if (!HttpAnswer.WEB_SOCKET_VERSION.contentEquals(
        headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, ""))) {
      return Admission.refuse(HttpResponseStatus.UPGRADE_REQUIRED);
    }
    if (request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0) {
      return Admission.refuse(HttpResponseStatus.BAD_REQUEST)
          .text("a WebSocket needs HTTP/1.1 or higher\n");
    }
    if (!headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
      return Admission.refuse(HttpResponseStatus.BAD_REQUEST);
    }
    if (!(request instanceof FullHttpRequest)) {
      logger.error(
          "upgrade request in parts (expected: an HttpObjectAggregator before this handler)");
      return Admission.refuse(HttpResponseStatus.INTERNAL_SERVER_ERROR);
    }
    if (!origins.admits(headers, isSecure(ctx))) {
      logger.info(
          "{}: origin {} of host {} refused (expected: of the same host, or among"
              + " allowedOrigins(…))",
          PeerAddress.of(ctx.channel()),
          PeerText.loggable(headers.getAll(HttpHeaderNames.ORIGIN).toString()),
          PeerText.loggable(headers.getAll(HttpHeaderNames.HOST).toString()));
      return Admission.refuse(HttpResponseStatus.FORBIDDEN);
    }
    return null;
  }

  /** The request as it is needed once the authenticator has answered, with nothing to release. */
  static FullHttpRequest withoutBody(HttpRequest request) {
    return new DefaultFullHttpRequest(
        request.protocolVersion(),
        request.method(),
        request.uri(),
        Unpooled.EMPTY_BUFFER,
        request.headers(),
        EmptyHttpHeaders.INSTANCE);
  }

  /**
   * The request as the authenticator sees it.
   *
   * @throws IllegalArgumentException where its query cannot be decoded
   */
  static HandshakeRequest describe(
      HttpRequest request, ChannelHandlerContext ctx, SocketAddress remoteAddress) {
    return new HandshakeRequest(
        request.uri(),
        request.headers(),
        TlsHandlers.peerCertificates(ctx.channel()),
        remoteAddress,
        isSecure(ctx));
  }
}
