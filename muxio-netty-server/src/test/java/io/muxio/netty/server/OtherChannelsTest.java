package io.muxio.netty.server;

import static io.muxio.netty.server.RecordedEvents.CONNECTED;
import static io.muxio.netty.server.RecordedEvents.CONNECTING;
import static io.muxio.netty.server.RecordedEvents.DISCONNECTED;
import static io.muxio.netty.server.RecordedEvents.DISCONNECTING;
import static io.muxio.netty.server.RecordedEvents.ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A server on channels that are no sockets. */
class OtherChannelsTest {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());

  private final RecordedEvents events = new RecordedEvents();

  private RpcServer server() {
    return RpcServer.builder()
        .connectionListener(events)
        .handle(ECHO, (text, call) -> text, ExecutionMode.EVENT_LOOP)
        .build();
  }

  private static byte[] call(String text) {
    return RawPeer.webSocketFrame(RawPeer.BINARY, Frames.call(0, 1, "echo", text));
  }

  private static String written(EmbeddedChannel channel) {
    StringBuilder text = new StringBuilder();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      text.append(next.toString(StandardCharsets.ISO_8859_1));
      next.release();
    }
    return text.toString();
  }

  private static EmbeddedChannel upgraded(RpcServer server) {
    EmbeddedChannel channel = new EmbeddedChannel(server.channelInitializer());
    channel.writeInbound(Unpooled.wrappedBuffer(RawPeer.upgradeRequest()));
    assertThat(written(channel)).startsWith("HTTP/1.1 101 ");
    return channel;
  }

  @Test
  void anEmbeddedChannelIsServedAndClosed() {
    RpcServer server = server();
    EmbeddedChannel channel = upgraded(server);
    channel.writeInbound(Unpooled.wrappedBuffer(call("embedded")));
    assertThat(written(channel)).contains("embedded");
    assertThat(server.connections()).hasSize(1);
    server.close();

    assertThat(channel.isOpen()).isFalse();
    assertThat(written(channel)).contains("the server closes");
    assertThat(events.ofTheOne())
        .containsExactly(CONNECTING, CONNECTED, DISCONNECTING, DISCONNECTED);
    channel.finishAndReleaseAll();
  }

  @Test
  void aClientThatCancelsAllItBeginsIsClosed() {
    StreamMethod silent = StreamMethod.of("silent");
    Flow.Publisher<ByteBuf> nothing = subscriber -> {};
    RpcServer server =
        RpcServer.builder()
            .limits(ServerLimits.builder().maxAbandonedCalls(2).build())
            .handleStreamAsync(silent, (request, call) -> nothing, ExecutionMode.EVENT_LOOP)
            .build();
    EmbeddedChannel channel = upgraded(server);
    String answered = "";
    for (int id = 0; answered.isEmpty(); id++) { // time makes up for some of them
      byte[] open = Frames.frame(id, 0, 0, Frames.header(0, id, silent.id(), new byte[0]));
      byte[] cancel = Frames.frame(id, 1, 3, new byte[0]);
      channel.writeInbound(
          Unpooled.wrappedBuffer(
              RawPeer.webSocketFrame(RawPeer.BINARY, open),
              RawPeer.webSocketFrame(RawPeer.BINARY, cancel)));
      answered = written(channel);
    }
    assertThat(answered).contains("\u0003\u00f0more than 2 calls given up"); // 1008
    server.close();
    channel.finishAndReleaseAll();
  }

  @Test
  void aBugInThePipelineEndsTheConnection() {
    IllegalStateException bug = new IllegalStateException("a bug, as the test wants it");
    try (RpcServer server = server()) {
      EmbeddedChannel channel = upgraded(server);
      channel.pipeline().fireExceptionCaught(bug);
      assertThat(written(channel)).contains("internal error");
      channel.close();

      assertThat(events.ofTheOne())
          .containsExactly(CONNECTING, CONNECTED, ERROR, DISCONNECTING, DISCONNECTED);
      assertThat(events.error()).isSameAs(bug);
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void aCallOverAConnectionThatNeverWasFailsAlsoOnItsOwnLoop() {
    try (RpcServer server = server()) {
      EmbeddedChannel channel = new EmbeddedChannel(server.channelInitializer());
      channel.close();
      assertThat(events.ofTheOne()).containsExactly(CONNECTING, ERROR, DISCONNECTED);

      // To an embedded channel every thread is its loop.
      assertThat(events.connections().iterator().next().caller().call(ECHO, "nobody"))
          .failsWithin(Duration.ofSeconds(20))
          .withThrowableOfType(ExecutionException.class)
          .withMessageContaining("DISCONNECTED");
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void aPipelineWithoutAnAggregatorIsTold() {
    try (RpcServer server = server()) {
      EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), server.upgradeHandler());
      channel.writeInbound(Unpooled.wrappedBuffer(RawPeer.upgradeRequest()));

      assertThat(written(channel)).startsWith("HTTP/1.1 500 ");
      assertThat(events.ofTheOne()).containsExactly(CONNECTING, ERROR, DISCONNECTED);
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void aLocalChannelIsServedAndClosed() throws Exception {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, LocalIoHandler.newFactory());
    LocalAddress address = new LocalAddress(OtherChannelsTest.class);
    RpcServer server = server();
    Channel bound =
        new ServerBootstrap()
            .group(group)
            .channel(LocalServerChannel.class)
            .childHandler(server.channelInitializer())
            .bind(address)
            .sync()
            .channel();
    AtomicReference<String> read = new AtomicReference<>("");
    Channel client =
        new Bootstrap()
            .group(group)
            .channel(LocalChannel.class)
            .handler(
                new SimpleChannelInboundHandler<ByteBuf>() {
                  @Override
                  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                    read.accumulateAndGet(
                        bytes.toString(StandardCharsets.ISO_8859_1), String::concat);
                  }
                })
            .connect(address)
            .sync()
            .channel();
    client.writeAndFlush(Unpooled.wrappedBuffer(RawPeer.upgradeRequest())).sync();
    await().until(() -> read.get().contains("\r\n\r\n"));
    client.writeAndFlush(Unpooled.wrappedBuffer(call("local"))).sync();
    await().until(() -> read.get().contains("local"));
    server.close();

    assertThat(client.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(read.get()).contains("the server closes");
    assertThat(events.ofTheOne())
        .containsExactly(CONNECTING, CONNECTED, DISCONNECTING, DISCONNECTED);
    assertThat(bound.isOpen()).isTrue();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }
}
