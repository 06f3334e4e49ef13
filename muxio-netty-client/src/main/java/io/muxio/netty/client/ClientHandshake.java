package io.muxio.netty.client;

import io.muxio.core.rpc.RpcSession;
import io.muxio.netty.ConnectionHandler;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the WebSocket upgrade when the socket is connected, and gives its place in the pipeline
 * to the connection when it is granted. Of one channel, and its event loop.
 */
final class ClientHandshake extends ChannelInboundHandlerAdapter {
  private static final CharSequence SUBPROTOCOL = HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL;

  private final ClientConfig config;
  private final HttpHeaders headers;
  private final CompletableFuture<ConnectionHandler> outcome = new CompletableFuture<>();

  /** Begins with the socket, whose other end is known then. */
  private @Nullable ConnectionHandler connection;

  private final InterimAnswers interim = new InterimAnswers();
  private @Nullable WebSocketClientHandshaker13 handshaker;
  private @Nullable Future<?> timeout;

  /** The answer, if it is an upgrade, until it is over. */
  private @Nullable FullHttpResponse granted;

  /**
   * Makes the handler of a channel that is not connected yet.
   *
   * @param config of the client
   * @param headers what the request has besides those of WebSocket
   */
  ClientHandshake(ClientConfig config, HttpHeaders headers) {
    this.config = config;
    this.headers = headers;
  }

  /** The connection once it is up, or why there is none; completed on the event loop. */
  CompletableFuture<ConnectionHandler> outcome() {
    return outcome;
  }

  /** The connection, which may be about to shake hands; null where no socket is connected. */
  @Nullable ConnectionHandler connection() {
    return connection;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connection = ConnectionHandler.begin(ctx.channel(), config.connection());
    long millis = config.limits().handshakeTimeout().toMillis();
    timeout =
        ctx.executor()
            .schedule(
                () -> fail(ctx, new IOException("no handshake within " + millis + " ms")),
                millis,
                TimeUnit.MILLISECONDS);
    handshaker = new Handshaker(config, headers);
    handshaker
        .handshake(ctx.channel())
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
      if (message instanceof HttpResponse response && !outcome.isDone()) {
        answered(ctx, response);
      }
      if (message instanceof LastHttpContent && granted != null && !outcome.isDone()) {
        upgrade(ctx, granted);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** A refusal is one without its text, which may never end. */
  private void answered(ChannelHandlerContext ctx, HttpResponse response) {
    if (handshaker == null) {
      fail(ctx, new IOException("the server or its proxy answered before it was asked"));
    } else if (response.decoderResult().isFailure()) {
      fail(ctx, new IOException("the server answered with what is not HTTP"));
    } else if (interim.skips(response)) {
      return;
    } else if (!response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      fail(ctx, Refusals.of(config.server(), response));
    } else {
      granted =
          new DefaultFullHttpResponse(
              response.protocolVersion(),
              response.status(),
              Unpooled.EMPTY_BUFFER,
              response.headers(),
              EmptyHttpHeaders.INSTANCE);
    }
  }

  private void upgrade(ChannelHandlerContext ctx, FullHttpResponse answer) {
    assert handshaker != null && connection != null : "an answer before the question";
    if (config.connection().extension()
        && answer.headers().containsValue(SUBPROTOCOL, RpcSession.EXTENSION, false)) {
      connection.extended();
      answer.headers().remove(SUBPROTOCOL); // it is known here that it was offered
    }
    handshaker.finishHandshake(ctx.channel(), answer);
    ctx.pipeline().replace(this, null, connection);
    outcome.complete(connection);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, new IOException("the server closed the connection during the handshake"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable inner = cause.getCause();
    fail(ctx, cause instanceof DecoderException && inner != null ? inner : cause);
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    if (!outcome.isDone()) {
      if (connection != null) {
        connection.handshakeFailed(cause);
      }
      ctx.close();
      outcome.completeExceptionally(cause);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }

  /** Leaves what is wrong on the WebSocket to the connection, as the server does. */
  private static final class Handshaker extends WebSocketClientHandshaker13 {
    private final WebSocketDecoderConfig decoder;

    Handshaker(ClientConfig config, HttpHeaders headers) {
      // An expected subprotocol would make a server without it fail the handshake.
      super(
          config.server().uri(),
          WebSocketVersion.V13,
          null,
          false,
          config.connection().extension() ? offering(headers) : headers,
          config.connection().limits().maxMessageSize());
      decoder = config.connection().webSocket();
    }

    /** In front of what the user offers; some servers read the first line alone. */
    private static HttpHeaders offering(HttpHeaders headers) {
      String others = headers.get(SUBPROTOCOL);
      String offered = others == null ? "" : ", " + others;
      return headers.copy().set(SUBPROTOCOL, RpcSession.EXTENSION + offered);
    }

    @Override
    protected WebSocketFrameDecoder newWebsocketDecoder() {
      return new WebSocket13FrameDecoder(decoder);
    }
  }
}
