package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written to a channel that never becomes a WebSocket. */
class RefusedUpgradeTest {
  private final RpcServer server = RpcServer.builder().bind("127.0.0.1", 0).build();
  private final EmbeddedChannel channel = new EmbeddedChannel(Pipelines.of(server));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    server.close();
  }

  @Test
  void isTheHttpAnswerAlone() {
    channel.writeInbound(
        Unpooled.copiedBuffer("GET /other HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
    ByteBuf answer = channel.readOutbound();
    assertThat(answer.toString(StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 404 ");
    answer.release();
    assertThat(channel.outboundMessages()).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void isNothingWhereNothingCame() {
    channel.advanceTimeBy(11, TimeUnit.SECONDS);
    channel.runPendingTasks();
    assertThat(channel.outboundMessages()).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }
}
