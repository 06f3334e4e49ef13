package io.muxio.netty.server;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets WebSocket upgrades of the service's path through and answers every other HTTP request. */
final class HandshakeGuard extends ChannelInboundHandlerAdapter {
  private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

  private static final AsciiString VERSION =
      AsciiString.of(WebSocketVersion.V13.toHttpHeaderValue());

  private final String path;
  private final BooleanSupplier full;
  private boolean accepted;

  HandshakeGuard(String path, BooleanSupplier full) {
    this.path = path;
    this.full = full;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof FullHttpRequest request)) {
      ctx.fireChannelRead(message);
      return;
    }
    HttpResponseStatus refusal = accepted ? HttpResponseStatus.BAD_REQUEST : refusalOf(request);
    if (refusal == null) {
      accepted = true;
      request.setUri("/"); // what follows accepts any path, but not a whole URI
      ctx.fireChannelRead(request);
      return;
    }
    logger.debug(
        "{}: {} {} answered {}",
        ctx.channel().remoteAddress(),
        request.method(),
        request.uri(),
        refusal);
    request.release();
    if (accepted) {
      ctx.close(); // the upgrade's answer has been written, so this one has no place
    } else {
      ctx.writeAndFlush(response(refusal)).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private @Nullable HttpResponseStatus refusalOf(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    if (!pathOf(request.uri()).equals(path)) {
      return HttpResponseStatus.NOT_FOUND;
    }
    if (!request.method().equals(HttpMethod.GET)) {
      return HttpResponseStatus.METHOD_NOT_ALLOWED;
    }
    HttpHeaders headers = request.headers();
    boolean upgrade =
        headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
            && VERSION.contentEquals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, ""));
    if (!upgrade) {
      return HttpResponseStatus.UPGRADE_REQUIRED;
    }
    if (!headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    return full.getAsBoolean() ? HttpResponseStatus.SERVICE_UNAVAILABLE : null;
  }

  /** The path as it was sent, of {@code /path?query} or {@code http://host/path?query}. */
  private static String pathOf(String uri) {
    int start = 0;
    if (!uri.startsWith("/")) {
      int authority = uri.indexOf("://");
      start = authority < 0 ? 0 : Math.max(uri.indexOf('/', authority + 3), 0);
    }
    int query = uri.indexOf('?', start);
    return query < 0 ? uri.substring(start) : uri.substring(start, query);
  }

  private FullHttpResponse response(HttpResponseStatus status) {
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
    if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
      response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
      response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
      response
          .content()
          .writeBytes(
              ("a WebSocket service: connect with ws://…" + path + "\n")
                  .getBytes(StandardCharsets.UTF_8));
    } else if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET);
    }
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    HttpUtil.setContentLength(response, response.content().readableBytes());
    return response;
  }
}
