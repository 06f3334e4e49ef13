package io.muxio.netty.server;

import io.muxio.core.rpc.RpcSession;
import io.muxio.netty.ConnectionHandler;
import io.muxio.netty.PeerAddress;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a connection of a WebSocket upgrade of the server's path, and lets every other request
 * pass. Of one channel, and its event loop.
 */
final class UpgradeHandler extends ChannelInboundHandlerAdapter {
  private enum State {
    /** No upgrade has come. */
    WAITING,
    /** One has, and the authenticator is asked; from {@link #WAITING}. */
    AUTHENTICATING,
    /** It is being answered; from {@link #WAITING} and {@link #AUTHENTICATING}. */
    UPGRADING,
    /** There will be no connection, the channel is being closed; from any. Final. */
    REFUSED
  }

  private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

  private final ServerConfig config;
  private final ServerConnections connections;

  /** Null until the upgrade where the channel is not the server's. */
  private @Nullable ConnectionHandler connection;

  private State state = State.WAITING;
  private @Nullable Future<?> timeout;

  /** Done when the authenticator has nothing to do for this client, or no more. */
  private final CompletableFuture<Void> asked = new CompletableFuture<>();

  /** Once there is a request for it. */
  private @Nullable Authentication authentication;

  /**
   * Makes the handler of a channel.
   *
   * @param config of the server
   * @param connections of the server
   * @param connection the channel's; null to begin it with the upgrade
   */
  UpgradeHandler(
      ServerConfig config, ServerConnections connections, @Nullable ConnectionHandler connection) {
    this.config = config;
    this.connections = connections;
    this.connection = connection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.executor() != ctx.channel().eventLoop()) {
      throw new IllegalStateException(
          "handler added with an executor of its own (expected: on the channel's event loop)");
    }
    if (connection != null) {
      limitTime(ctx, connection);
    }
  }

  private void limitTime(ChannelHandlerContext ctx, ConnectionHandler begun) {
    long millis = config.limits().handshakeTimeout().toMillis();
    timeout =
        ctx.executor()
            .schedule(
                () -> timedOut(ctx, begun, "within " + millis + " ms"),
                millis,
                TimeUnit.MILLISECONDS);
  }

  private void timedOut(ChannelHandlerContext ctx, ConnectionHandler begun, String within) {
    if (state != State.AUTHENTICATING) {
      fail(ctx, begun, new IOException("no handshake " + within));
      return;
    }
    logger.warn(
        "{}: the authenticator has not answered {} (handshakeTimeout) of the connection's begin",
        PeerAddress.of(ctx.channel()),
        within);
    refuse(ctx, begun, Admission.refuse(HttpResponseStatus.SERVICE_UNAVAILABLE));
    long graceMillis = config.limits().connection().closeTimeout().toMillis();
    timeout = ctx.executor().schedule(() -> ctx.close(), graceMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timeout != null) {
      timeout.cancel(false);
    }
    if (state == State.AUTHENTICATING) {
      state = State.REFUSED;
    }
    if (authentication == null) {
      asked.complete(null);
    } else {
      authentication.cancel();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == State.WAITING) {
      if (message instanceof HttpRequest request
          && UpgradeRules.isUpgrade(request, config.path())) {
        upgrade(ctx, request);
      } else {
        ctx.fireChannelRead(message);
      }
      return;
    }
    ReferenceCountUtil.release(message);
    if (state != State.REFUSED && connection != null) {
      // Dropping it would hang a call.
      fail(ctx, connection, new IOException("bytes before the handshake was answered"));
    }
  }

  private void upgrade(ChannelHandlerContext ctx, HttpRequest request) {
    try {
      ConnectionHandler begun = begin(ctx);
      Admission refusal = begun == null ? tooMany() : refusalOf(ctx, request, begun);
      if (refusal != null) {
        refuse(ctx, begun, refusal);
      } else if (begun != null) {
        connection = begun;
        authenticate(ctx, UpgradeRules.withoutBody(request), begun);
      }
    } finally {
      ReferenceCountUtil.release(request);
    }
  }

  private static Admission tooMany() {
    return Admission.refuse(HttpResponseStatus.SERVICE_UNAVAILABLE);
  }

  private @Nullable ConnectionHandler begin(ChannelHandlerContext ctx) {
    if (connection != null) {
      return connection;
    }
    ConnectionHandler begun = connections.begin(ctx.channel());
    if (begun != null) {
      limitTime(ctx, begun);
    }
    return begun;
  }

  private @Nullable Admission refusalOf(
      ChannelHandlerContext ctx, HttpRequest request, ConnectionHandler begun) {
    Admission refusal = UpgradeRules.refusalOf(request, config.origins(), ctx);
    if (refusal == null && !connections.admit(begun, asked)) {
      return tooMany();
    }
    return refusal;
  }

  private void authenticate(
      ChannelHandlerContext ctx, FullHttpRequest request, ConnectionHandler begun) {
    Authenticator authenticator = config.authenticator();
    if (authenticator == null) {
      shakeHands(ctx, request, begun);
      return;
    }
    HandshakeRequest question;
    try {
      question = UpgradeRules.describe(request, ctx, begun.connection().remoteAddress());
    } catch (IllegalArgumentException e) {
      refuse(ctx, begun, Admission.refuse(HttpResponseStatus.BAD_REQUEST));
      return;
    }
    state = State.AUTHENTICATING;
    authentication = new Authentication(authenticator, question, config.connection());
    authentication.over().thenRun(() -> asked.complete(null));
    authentication.start(
        ctx.executor(), admission -> authenticated(ctx, request, begun, admission));
  }

  private void authenticated(
      ChannelHandlerContext ctx,
      FullHttpRequest request,
      ConnectionHandler begun,
      Admission admission) {
    if (state != State.AUTHENTICATING || !ctx.channel().isActive()) {
      return; // it is too late
    }
    Principal principal = admission.principal();
    if (principal != null) {
      begun.authenticated(principal);
    }
    if (admission.isAdmitted()) {
      shakeHands(ctx, request, begun);
    } else {
      refuse(ctx, begun, admission);
    }
  }

  private void shakeHands(
      ChannelHandlerContext ctx, FullHttpRequest request, ConnectionHandler begun) {
    state = State.UPGRADING;
    WebSocketServerHandshaker13 handshaker = handshaker();
    handshaker
        .handshake(ctx.channel(), request)
        .addListener(
            done -> {
              if (handshaker.selectedSubprotocol() != null) {
                begun.extended();
              }
              upgraded(ctx, (ChannelFuture) done, begun);
            });
  }

  private void refuse(
      ChannelHandlerContext ctx, @Nullable ConnectionHandler begun, Admission refusal) {
    state = State.REFUSED;
    logger.debug("{}: upgrade answered {}", PeerAddress.of(ctx.channel()), refusal.httpStatus());
    if (begun != null) {
      begun.handshakeFailed(new IOException("upgrade refused, answered " + refusal.httpStatus()));
    }
    HttpAnswer.refuse(ctx, refusal, config.path());
  }

  private WebSocketServerHandshaker13 handshaker() {
    String subprotocols = config.connection().extension() ? RpcSession.EXTENSION : null;
    return new WebSocketServerHandshaker13("", subprotocols, config.connection().webSocket());
  }

  private void upgraded(ChannelHandlerContext ctx, ChannelFuture done, ConnectionHandler begun) {
    if (!done.isSuccess()) {
      fail(ctx, begun, done.cause());
    } else if (state == State.UPGRADING && ctx.channel().isActive()) {
      ChannelPipeline pipeline = ctx.pipeline();
      if (pipeline.get(HttpRefusal.class) != null) {
        pipeline.remove(HttpRefusal.class);
      }
      pipeline.replace(this, null, begun);
    }
  }

  private void fail(ChannelHandlerContext ctx, ConnectionHandler begun, Throwable cause) {
    state = State.REFUSED;
    logger.debug("{}: no handshake, {}", begun.connection().remoteAddress(), cause.toString());
    begun.handshakeFailed(cause);
    ctx.close();
  }

  /** Half a connection is none: nobody would be there for the answer's connection. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent
        && connection != null
        && state == State.AUTHENTICATING) {
      fail(ctx, connection, new IOException("the client has closed its half of the connection"));
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (connection == null) {
      ctx.fireExceptionCaught(cause);
    } else {
      fail(ctx, connection, cause);
    }
  }
}
