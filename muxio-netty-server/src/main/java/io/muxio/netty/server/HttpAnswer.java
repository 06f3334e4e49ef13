package io.muxio.netty.server;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** How an HTTP request is answered that does not become a connection. */
final class HttpAnswer {
  static final AsciiString WEB_SOCKET_VERSION =
      AsciiString.of(WebSocketVersion.V13.toHttpHeaderValue());

  private HttpAnswer() {}

  /** Answers and closes. */
  static void refuse(ChannelHandlerContext ctx, HttpResponseStatus status, String path) {
    ctx.writeAndFlush(response(status, path)).addListener(ChannelFutureListener.CLOSE);
  }

  private static FullHttpResponse response(HttpResponseStatus status, String path) {
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
    if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
      response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
      response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WEB_SOCKET_VERSION);
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
