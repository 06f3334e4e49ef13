package io.muxio.netty.client;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks an HTTP proxy for a tunnel to the server. Until there is one the handlers behind do not see
 * that the channel is active; then this one and the codec before it are gone. Of one channel, and
 * its event loop.
 */
final class ProxyTunnel extends ChannelInboundHandlerAdapter {
  private final HttpProxy proxy;
  private final ServerUri server;
  private final long timeoutMillis;
  private final InterimAnswers interim = new InterimAnswers();
  private @Nullable Future<?> timeout;
  private boolean granted;
  private boolean failed;

  /**
   * Makes the handler of a channel to the proxy, to be added behind an {@link HttpClientCodec}.
   *
   * @param proxy the proxy
   * @param server where the tunnel ends
   * @param timeoutMillis how long it may take, from now on
   */
  ProxyTunnel(HttpProxy proxy, ServerUri server, long timeoutMillis) {
    this.proxy = proxy;
    this.server = server;
    this.timeoutMillis = timeoutMillis;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    String what = "the proxy has opened no tunnel within " + timeoutMillis + " ms";
    timeout =
        ctx.executor()
            .schedule(() -> fail(ctx, new IOException(what)), timeoutMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }

  /** The proxy is connected, the server is not. */
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    String target = server.host() + ":" + server.port();
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.CONNECT, target, Unpooled.EMPTY_BUFFER);
    request.headers().set(HttpHeaderNames.HOST, target);
    if (proxy.authorization() != null) {
      request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, proxy.authorization());
    }
    ctx.writeAndFlush(request)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                fail(ctx, sent.cause());
              }
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpResponse response && !failed) {
        answered(ctx, response);
      }
      if (message instanceof LastHttpContent && granted) {
        open(ctx);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void answered(ChannelHandlerContext ctx, HttpResponse response) {
    if (response.decoderResult().isFailure()) {
      fail(ctx, new IOException("the proxy answered with what is not HTTP"));
    } else if (interim.skips(response)) {
      return;
    } else if (!response.status().equals(HttpResponseStatus.OK)) {
      fail(ctx, Refusals.of(server, proxy, response));
    } else {
      granted = true;
    }
  }

  private void open(ChannelHandlerContext ctx) {
    ctx.pipeline().remove(this);
    ctx.pipeline().remove(HttpClientCodec.class); // the first of two
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, new IOException("the proxy closed the connection without an answer"));
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable inner = cause.getCause();
    fail(ctx, cause instanceof DecoderException && inner != null ? inner : cause);
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    if (!failed) {
      failed = true;
      ctx.fireExceptionCaught(cause);
      ctx.close();
    }
  }
}
