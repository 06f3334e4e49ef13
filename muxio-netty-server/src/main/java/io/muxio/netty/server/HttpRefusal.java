package io.muxio.netty.server;

import io.muxio.netty.ConnectionHandler;
import io.muxio.netty.PeerText;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every HTTP request that is no upgrade, where the server has the socket for itself. */
final class HttpRefusal extends ChannelInboundHandlerAdapter {
  private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

  private final String path;
  private final ConnectionHandler connection;

  HttpRefusal(String path, ConnectionHandler connection) {
    this.path = path;
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof FullHttpRequest request) {
        HttpResponseStatus status = statusOf(request);
        logger.debug(
            "{}: {} answered {}",
            connection.connection().remoteAddress(),
            // Not the query, which may hold a secret.
            PeerText.loggable(request.method() + " " + UpgradeRules.pathOf(request.uri())),
            status);
        connection.handshakeFailed(new IOException("no upgrade, answered " + status));
        HttpAnswer.refuse(ctx, status, path);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private HttpResponseStatus statusOf(FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    if (!UpgradeRules.pathOf(request.uri()).equals(path)) {
      return HttpResponseStatus.NOT_FOUND;
    }
    return request.method().equals(HttpMethod.GET)
        ? HttpResponseStatus.UPGRADE_REQUIRED
        : HttpResponseStatus.METHOD_NOT_ALLOWED;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    connection.handshakeFailed(cause);
    ctx.close();
  }
}
