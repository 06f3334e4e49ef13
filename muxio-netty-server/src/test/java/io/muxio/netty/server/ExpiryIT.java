package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a peer hears of a time that is over, on a connection on which nothing else happens. */
class ExpiryIT {
  private static final RpcMethod<String, String> NEVER =
      RpcMethod.unary("never", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());

  /** Nothing else would send what waits before a ping comes. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static RpcServerBuilder server() {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .handle(ECHO, (text, call) -> text)
        .handleAsync(NEVER, (text, call) -> new CompletableFuture<>())
        .limits(
            ServerLimits.builder()
                .callTimeout(Duration.ofMillis(100))
                .heartbeatInterval(Duration.ofSeconds(10))
                .build());
  }

  @Test
  void theAnswerOfACallWhoseTimeIsOverLeavesAtOnce() throws Exception {
    try (RpcServer server = server().build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      long start = System.nanoTime();
      peer.send(Frames.call(0, 5, "never", "x"), true);

      assertThat(Frames.statusOf(peer.next())).isEqualTo(2);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }
  }

  @Test
  void theCancelOfAStreamingCallWhoseDeadlineHasPassedLeavesAtOnce() throws Exception {
    try (RpcServer server = server().build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 5, "echo", "x"), true);
      peer.next();
      long start = System.nanoTime();
      server
          .connections()
          .get(0)
          .caller()
          .open(
              StreamMethod.of("stream"), new byte[0], CallOptions.deadline(Duration.ofMillis(100)));

      assertThat(peer.next()[12]).as("Open").isZero();
      assertThat(peer.next()[12]).as("Cancel").isEqualTo((byte) 3);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }
  }
}
