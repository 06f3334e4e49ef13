package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection that is lost while more has arrived than is handled in one turn. */
class LostBehindMessagesTest {
  private static final int CALLS = 1000;
  private static final RpcMethod<String, String> COUNT =
      RpcMethod.unary("count", Codec.utf8(), Codec.utf8());

  private final AtomicInteger handled = new AtomicInteger();
  private final RpcServer server =
      RpcServer.builder()
          .handle(
              COUNT,
              (text, call) -> {
                handled.incrementAndGet();
                return text;
              },
              ExecutionMode.EVENT_LOOP)
          .build();
  private final EmbeddedChannel channel = new EmbeddedChannel(Pipelines.of(server));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    server.close();
  }

  private void receiveCalls() {
    channel.writeInbound(Unpooled.wrappedBuffer(RawPeer.upgradeRequest()));
    byte[][] calls = new byte[CALLS][];
    for (int i = 0; i < CALLS; i++) {
      calls[i] = Frames.call(i + 1, i + 1, "count", "x");
    }
    byte[] message = RawPeer.webSocketFrame(RawPeer.BINARY, Frames.join(calls));
    channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(message)).fireChannelReadComplete();
    assertThat(handled.get()).isBetween(1, CALLS - 1);
  }

  /** Each turn of a connection is a task of its own, which the channel runs when it is asked. */
  private void runTurns() {
    for (int i = 0; i < CALLS; i++) {
      channel.runPendingTasks();
    }
  }

  @Test
  void whatHasArrivedIsHandledBeforeAReset() {
    receiveCalls();
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    runTurns();
    assertThat(handled.get()).isEqualTo(CALLS);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void answersToASocketThatHasClosedAreNotTooLarge() {
    try (ServerLog log = ServerLog.record()) {
      receiveCalls();
      channel.close();
      runTurns();
      assertThat(handled.get()).isEqualTo(CALLS);
      assertThat(log.of("embedded")).noneMatch(line -> line.contains("maxOutboundBytes"));
    }
  }
}
