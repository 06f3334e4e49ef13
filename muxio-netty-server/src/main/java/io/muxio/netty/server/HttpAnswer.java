package io.muxio.netty.server;

import io.netty.buffer.Unpooled;
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
    refuse(ctx, Admission.refuse(status), path);
  }

  /** Answers, with what the status needs besides what the refusal says, and closes. */
  static void refuse(ChannelHandlerContext ctx, Admission refusal, String path) {
    HttpResponseStatus status = refusal.httpStatus();
    boolean isUpgradeRequired = status.equals(HttpResponseStatus.UPGRADE_REQUIRED);
    String text =
        isUpgradeRequired && refusal.text().isEmpty()
            ? "a WebSocket service: connect with ws://…" + path + "\n"
            : refusal.text();
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    if (isUpgradeRequired) {
      response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
      response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WEB_SOCKET_VERSION);
    } else if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET);
    }
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.headers().setAll(refusal.headers());
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    HttpUtil.setContentLength(response, response.content().readableBytes());
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
