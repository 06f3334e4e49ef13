package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An authenticator in every kind of pipeline, step by step. */
class GuardedPipelinesTest {
  private final List<CompletableFuture<Admission>> asked = new ArrayList<>();
  private final RecordedEvents events = new RecordedEvents();
  private final RpcServer server =
      RpcServer.builder()
          .handlerExecutor(Runnable::run)
          .connectionListener(events)
          .authenticator(
              request -> {
                asked.add(new CompletableFuture<>());
                return asked.get(asked.size() - 1);
              })
          .build();
  private EmbeddedChannel channel;

  static Stream<Function<RpcServer, EmbeddedChannel>> pipelines() {
    return Stream.of(GuardedPipelinesTest::ofTheServer, GuardedPipelinesTest::ofTheUser);
  }

  private static EmbeddedChannel ofTheServer(RpcServer server) {
    return new EmbeddedChannel(server.channelInitializer());
  }

  private static EmbeddedChannel ofTheUser(RpcServer server) {
    return new EmbeddedChannel(
        new HttpServerCodec(), new HttpObjectAggregator(65_536), server.upgradeHandler());
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    server.close();
  }

  private void ask(Function<RpcServer, EmbeddedChannel> pipeline) {
    channel = pipeline.apply(server);
    channel.writeInbound(Unpooled.wrappedBuffer(RawPeer.upgradeRequest()));
    assertThat(asked).hasSize(1);
    assertThat(written()).isEmpty();
    assertThat(server.connections()).isEmpty();
  }

  private void answer(Admission admission) {
    asked.get(0).complete(admission);
    channel.runPendingTasks();
  }

  private String written() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      text.append(next.toString(StandardCharsets.ISO_8859_1));
      next.release();
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void aClientIsLetIn(Function<RpcServer, EmbeddedChannel> pipeline) {
    ask(pipeline);
    answer(Admission.admit(() -> "Ada"));
    assertThat(written()).startsWith("HTTP/1.1 101 ");
    assertThat(server.connections().get(0).principal().getName()).isEqualTo("Ada");
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void aClientIsRefused(Function<RpcServer, EmbeddedChannel> pipeline) {
    ask(pipeline);
    answer(Admission.forbidden());
    assertThat(written()).startsWith("HTTP/1.1 403 ");
    assertThat(channel.isOpen()).isFalse();
    assertThat(server.connections()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void theTimeIsOver(Function<RpcServer, EmbeddedChannel> pipeline) {
    ask(pipeline);
    channel.advanceTimeBy(11, TimeUnit.SECONDS);
    channel.runPendingTasks();
    assertThat(written()).startsWith("HTTP/1.1 503 ");
    assertThat(channel.isOpen()).isFalse();
    answer(Admission.anonymous());
    assertThat(written()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void aFrameBeforeTheAnswerIsNoCall(Function<RpcServer, EmbeddedChannel> pipeline) {
    ask(pipeline);
    byte[] early = RawPeer.webSocketFrame(RawPeer.BINARY, Frames.call(0, 1, "echo", ""));
    channel.writeInbound(Unpooled.wrappedBuffer(early));
    assertThat(channel.isOpen()).isFalse();
    answer(Admission.anonymous());
    assertThat(written()).isEmpty();
    assertThat(events.ofTheOne()).doesNotContain(RecordedEvents.CONNECTED);
    assertThat(events.error()).hasMessage("bytes before the handshake was answered");
  }

  /** They wait for more until the codec for requests is gone. */
  @ParameterizedTest
  @MethodSource("pipelines")
  void bytesThatMayBecomeARequestAreNoneOfAConnection(
      Function<RpcServer, EmbeddedChannel> pipeline) {
    ask(pipeline);
    channel.writeInbound(Unpooled.copiedBuffer("GET /w", StandardCharsets.US_ASCII));
    assertThat(channel.isOpen()).isTrue();
    answer(Admission.anonymous());
    assertThat(written()).startsWith("HTTP/1.1 101 ").endsWith("\r\n\r\n");
    assertThat(channel.isOpen()).isFalse();
    assertThat(events.ofTheOne()).doesNotContain(RecordedEvents.CONNECTED);
    assertThat(events.error()).hasMessage("bytes before the handshake was answered");
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void aSecondRequestIsNotAnswered(Function<RpcServer, EmbeddedChannel> pipeline) {
    ask(pipeline);
    channel.writeInbound(Unpooled.wrappedBuffer(RawPeer.upgradeRequest()));
    assertThat(written()).isEmpty();
    assertThat(channel.isOpen()).isFalse();
    assertThat(asked).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void aClientThatClosesItsHalfIsGone(Function<RpcServer, EmbeddedChannel> pipeline) {
    ask(pipeline);
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(events.ofTheOne()).doesNotContain(RecordedEvents.CONNECTED);
    assertThat(events.error()).hasMessage("the client has closed its half of the connection");
  }

  @Test
  void aHandlerThatIsTakenOutAnswersNoMore() {
    ask(GuardedPipelinesTest::ofTheUser);
    channel.pipeline().removeLast();
    answer(Admission.anonymous());
    assertThat(written()).isEmpty();
    assertThat(channel.isOpen()).isTrue();
  }
}
