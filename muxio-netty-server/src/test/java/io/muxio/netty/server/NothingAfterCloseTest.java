package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.RpcConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written to a channel between our WebSocket close and the peer's. */
class NothingAfterCloseTest {
  private final RpcServer server =
      RpcServer.builder()
          .bind("127.0.0.1", 0)
          .limits(
              ServerLimits.builder()
                  .heartbeatInterval(Duration.ofSeconds(1))
                  .closeTimeout(Duration.ofSeconds(5))
                  .build())
          .build();
  private final EmbeddedChannel channel = new EmbeddedChannel(Pipelines.of(server));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    server.close();
  }

  @Test
  void isNoPing() {
    channel.writeInbound(Unpooled.wrappedBuffer(RawPeer.upgradeRequest()));
    server.connections().forEach(RpcConnection::close);
    channel.runPendingTasks();
    channel.releaseOutbound();

    channel.advanceTimeBy(3, TimeUnit.SECONDS);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isTrue();
    ByteBuf sent = channel.readOutbound();
    assertThat(sent).isNull();
  }
}
