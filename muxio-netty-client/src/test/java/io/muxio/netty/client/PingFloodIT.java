package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that pings without end and does not read what it is answered. */
@Timeout(120)
class PingFloodIT {
  private static final int PING = 0x89;
  private static final int PAYLOAD = 125;
  private static final int PINGS = 500;
  private static final int MAX_OUTBOUND = 1 << 20;

  private static byte[] pings() {
    ByteBuffer flood = ByteBuffer.allocate(PINGS * (2 + PAYLOAD));
    for (int ping = 0; ping < PINGS; ping++) {
      flood.put((byte) PING).put((byte) PAYLOAD).put(new byte[PAYLOAD]);
    }
    return flood.array();
  }

  /** Until nobody takes them any more. */
  private static void flood(ServerSocket listener) {
    try (Socket client = listener.accept()) {
      OutputStream out = client.getOutputStream();
      String granted = RawUpgrade.granted(RawUpgrade.readRequest(client));
      out.write(granted.getBytes(StandardCharsets.US_ASCII));
      byte[] flood = pings();
      assertThatThrownBy(
              () -> {
                while (true) {
                  out.write(flood);
                }
              })
          .isInstanceOf(IOException.class);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void pongsThatAreNotReadAreBounded() throws Exception {
    AtomicReference<Throwable> endedBy = new AtomicReference<>();
    ClientLimits limits =
        ClientLimits.builder()
            .maxOutboundBytes(MAX_OUTBOUND)
            .writeTimeout(Duration.ofMinutes(2)) // else the client may lose patience first
            .build();
    try (ServerSocket listener = new ServerSocket()) {
      listener.setReceiveBufferSize(1 << 14);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      CompletableFuture<Void> flooded = CompletableFuture.runAsync(() -> flood(listener));
      try (RpcClient client =
          RpcClient.builder("ws://127.0.0.1:" + listener.getLocalPort() + "/ws")
              .limits(limits)
              .reconnectPolicy((attempt, cause) -> null)
              .stateListener(
                  (state, cause) -> {
                    if (state == ClientState.RECONNECTING) {
                      endedBy.set(cause);
                    }
                  })
              .connect()) {
        await().atMost(Duration.ofMinutes(1)).until(() -> endedBy.get() != null);
        assertThat(endedBy.get())
            .hasMessageStartingWith(
                "more than 1048576 bytes wait for it (maxOutboundBytes): it does not read");
        assertThat(client.connection()).isNull();
      }
      flooded.join();
    }
  }
}
