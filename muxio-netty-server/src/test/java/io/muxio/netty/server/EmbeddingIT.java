package io.muxio.netty.server;

import static io.muxio.netty.server.RecordedEvents.CONNECTED;
import static io.muxio.netty.server.RecordedEvents.CONNECTING;
import static io.muxio.netty.server.RecordedEvents.DISCONNECTED;
import static io.muxio.netty.server.RecordedEvents.DISCONNECTING;
import static io.muxio.netty.server.RecordedEvents.ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.Transport;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server in bootstraps and HTTP pipelines that are not its own. */
class EmbeddingIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());

  private final EventLoopGroup group = Transport.NIO.newGroup(2, "users-own", true);
  private final RecordedEvents events = new RecordedEvents();

  /** What the user's HTTP handler has seen. */
  private final Queue<String> seen = new ConcurrentLinkedQueue<>();

  private RpcServerBuilder server() {
    return RpcServer.builder().connectionListener(events).handle(ECHO, (text, call) -> text);
  }

  private Channel bind(ChannelHandler initializer) {
    return new ServerBootstrap()
        .group(group)
        .channel(NioServerSocketChannel.class)
        .childHandler(initializer)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .bind("127.0.0.1", 0)
        .syncUninterruptibly()
        .channel();
  }

  private static int portOf(Channel channel) {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  private ChannelHandler http(RpcServer server) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(new HttpServerCodec())
            .addLast(new HttpObjectAggregator(65_536))
            .addLast(server.upgradeHandler())
            .addLast(new UsersHandler());
      }
    };
  }

  /** Answers each request with its path. */
  private final class UsersHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      seen.add(message.getClass().getSimpleName());
      if (message instanceof FullHttpRequest request) {
        FullHttpResponse response =
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.content().writeCharSequence(request.uri(), StandardCharsets.US_ASCII);
        HttpUtil.setContentLength(response, response.content().readableBytes());
        if (!HttpUtil.isKeepAlive(request)) {
          response.headers().set(HttpHeaderNames.CONNECTION, "close");
          ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        } else {
          ctx.writeAndFlush(response);
        }
      }
      ReferenceCountUtil.release(message);
    }
  }

  private static String get(int port, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @AfterEach
  void theUsersGroupIsLeftAlone() throws Exception {
    assertThat(group.isShuttingDown()).isFalse();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  @Test
  void aBootstrapOfTheUsersOwn() throws Exception {
    RpcServer server = server().build();
    Channel bound = bind(server.channelInitializer());
    try (WebSocketPeer peer = WebSocketPeer.connect(portOf(bound))) {
      peer.send(Frames.call(0, 1, "echo", "embedded"), true);
      assertThat(Frames.bodyOf(peer.next())).isEqualTo("embedded");
      assertThat(server.connections()).hasSize(1);
      server.close();

      assertThat(peer.closeCode()).isEqualTo(1001);
      assertThat(server.connections()).isEmpty();
      assertThat(events.ofTheOne())
          .containsExactly(CONNECTING, CONNECTED, DISCONNECTING, DISCONNECTED);
      assertThat(bound.isOpen()).as("the user's listening channel").isTrue();
      try (RawPeer late = RawPeer.connect(portOf(bound))) {
        assertThat(late.readAll()).as("what a closed server says").isEmpty();
      }
    }
    bound.close().sync();
  }

  @Test
  void anHttpPipelineOfTheUsersOwn() throws Exception {
    RpcServer server = server().build();
    Channel bound = bind(http(server));
    int port = portOf(bound);
    try (WebSocketPeer peer = WebSocketPeer.connect(port)) {
      peer.send(Frames.call(0, 1, "echo", "behind HTTP"), true);
      assertThat(Frames.bodyOf(peer.next())).isEqualTo("behind HTTP");
      assertThat(seen).as("what the user's handler saw of it").isEmpty();
      assertThat(get(port, "/other?x=1")).isEqualTo("/other?x=1");
      assertThat(get(port, "/ws")).as("no upgrade").isEqualTo("/ws");
      assertThat(server.connections()).as("HTTP is no connection").hasSize(1);
      server.close();

      assertThat(peer.closeCode()).isEqualTo(1001);
      assertThat(events.ofTheOne())
          .containsExactly(CONNECTING, CONNECTED, DISCONNECTING, DISCONNECTED);
      assertThat(get(port, "/after")).as("the user's HTTP goes on").isEqualTo("/after");
      assertThatThrownBy(() -> WebSocketPeer.connect(port)).rootCause().hasMessageContaining("503");
    }
    bound.close().sync();
  }

  @Test
  void anUpgradeAfterOtherRequestsOnTheSameChannel() throws Exception {
    try (RpcServer server = server().build()) {
      Channel bound = bind(http(server));
      try (RawPeer peer = RawPeer.connect(portOf(bound))) {
        peer.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(peer.readUntil("/a")).startsWith("HTTP/1.1 200");
        peer.upgrade(new byte[0]);
        peer.send(RawPeer.webSocketFrame(RawPeer.BINARY, Frames.call(0, 1, "echo", "upgraded")));
        assertThat(peer.readUntil("upgraded")).isNotEmpty();
      }
      assertThat(events.ofTheOne())
          .containsExactly(CONNECTING, CONNECTED, ERROR, DISCONNECTING, DISCONNECTED);
      bound.close().sync();
    }
  }

  @Test
  void aClientTooManyIsAnswered503() throws Exception {
    ServerLimits limits = ServerLimits.builder().maxConnections(1).build();
    try (RpcServer server = server().limits(limits).build()) {
      Channel bound = bind(http(server));
      try (WebSocketPeer first = WebSocketPeer.connect(portOf(bound))) {
        assertThatThrownBy(() -> WebSocketPeer.connect(portOf(bound)))
            .rootCause()
            .hasMessageContaining("503");
        await().until(() -> events.of(1).equals(List.of(CONNECTING, ERROR, DISCONNECTED)));
        first.send(Frames.call(0, 1, "echo", "still in"), true);
        assertThat(Frames.bodyOf(first.next())).isEqualTo("still in");
      }
      bound.close().sync();
    }
  }

  @Test
  void aPeerThatClosesItsHalfIsGoneAlsoWhereThePipelineAllowsIt() throws Exception {
    try (RpcServer server = server().build()) {
      Channel bound = bind(http(server)); // with ALLOW_HALF_CLOSURE
      try (RawPeer peer = RawPeer.upgrade(portOf(bound), new byte[0])) {
        await().until(() -> server.connections().size() == 1);
        peer.shutdownOutput();

        assertThat(events.ofTheOne())
            .containsExactly(CONNECTING, CONNECTED, ERROR, DISCONNECTING, DISCONNECTED);
        assertThat(events.error()).hasMessageContaining("closed its half");
        assertThat(peer.readAll()).isEmpty();
      }
      bound.close().sync();
    }
  }

  @Test
  void aHandlerWithAnExecutorOfItsOwnIsRefused() throws Exception {
    EventExecutorGroup other = new DefaultEventExecutorGroup(1);
    CompletableFuture<Throwable> refusal = new CompletableFuture<>();
    try (RpcServer server = server().build()) {
      Channel bound =
          bind(
              new ChannelInitializer<>() {
                @Override
                @SuppressWarnings("deprecation")
                protected void initChannel(Channel channel) {
                  channel.pipeline().addLast(other, server.upgradeHandler());
                  channel.pipeline().addLast(new Catcher(refusal));
                }
              });
      try (RawPeer peer = RawPeer.connect(portOf(bound))) {
        assertThat(refusal.get(20, TimeUnit.SECONDS))
            .rootCause()
            .hasMessageContaining("executor of its own");
        assertThat(peer.readAll()).isEmpty();
      }
      bound.close().sync();
    }
    other.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  private static final class Catcher extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Throwable> caught;

    Catcher(CompletableFuture<Throwable> caught) {
      this.caught = caught;
    }

    @Override
    @SuppressWarnings("deprecation")
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      caught.complete(cause);
      ctx.close();
    }
  }

  @Test
  void closeOnTheLoopOfAnEmbeddedConnectionIsRefused() throws Exception {
    AtomicReference<RpcServer> itself = new AtomicReference<>();
    RpcMethod<String, String> method = RpcMethod.unary("close", Codec.utf8(), Codec.utf8());
    try (RpcServer server =
        server()
            .exposeErrors(true)
            .handle(
                method,
                (text, call) -> {
                  itself.get().close();
                  return text;
                },
                ExecutionMode.EVENT_LOOP)
            .build()) {
      itself.set(server);
      Channel bound = bind(server.channelInitializer());
      try (WebSocketPeer peer = WebSocketPeer.connect(portOf(bound))) {
        peer.send(Frames.call(0, 1, "close", ""), true);
        assertThat(Frames.bodyOf(peer.next())).contains("event loop of the server");
      }
      bound.close().sync();
    }
  }

  @Test
  void severalServersInOneProgram() throws Exception {
    RpcMethod<String, String> which = RpcMethod.unary("which", Codec.utf8(), Codec.utf8());
    RpcServer one =
        RpcServer.builder().bind("127.0.0.1", 0).handle(which, (text, call) -> "one").build();
    try (RpcServer two =
            RpcServer.builder().bind("127.0.0.1", 0).handle(which, (text, call) -> "two").build();
        RpcServer three = RpcServer.builder().handle(which, (text, call) -> "three").build()) {
      one.start();
      two.start();
      Channel bound = bind(http(three));
      try (WebSocketPeer first = WebSocketPeer.connect(one);
          WebSocketPeer second = WebSocketPeer.connect(two);
          WebSocketPeer third = WebSocketPeer.connect(portOf(bound))) {
        for (WebSocketPeer peer : new WebSocketPeer[] {first, second, third}) {
          peer.send(Frames.call(0, 1, "which", ""), true);
        }
        assertThat(Frames.bodyOf(first.next())).isEqualTo("one");
        assertThat(Frames.bodyOf(second.next())).isEqualTo("two");
        assertThat(Frames.bodyOf(third.next())).isEqualTo("three");
        one.close();

        assertThat(first.closeCode()).isEqualTo(1001);
        second.send(Frames.call(1, 2, "which", ""), true);
        assertThat(Frames.bodyOf(second.next())).isEqualTo("two");
        assertThat(three.connections()).hasSize(1);
      }
      bound.close().sync();
    }
  }

  @Test
  void theTimeOfTheHandshakeBeginsWithTheUpgrade() throws Exception {
    ServerLimits limits = ServerLimits.builder().handshakeTimeout(Duration.ofMillis(100)).build();
    try (RpcServer server = server().limits(limits).build()) {
      Channel bound = bind(http(server));
      try (RawPeer peer = RawPeer.connect(portOf(bound))) {
        peer.send("GET /slow HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        peer.send("Host: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(peer.readUntil("/slow")).as("HTTP has the user's times").isNotEmpty();
        peer.upgrade(new byte[0]);
        await().until(() -> server.connections().size() == 1);
      }
      bound.close().sync();
    }
  }
}
