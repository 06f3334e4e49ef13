package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * A peer hears at once of a call whose time is over, on a connection where nothing else goes on.
 */
class TimeoutsIT {
  private static final RpcMethod<String, String> NEVER =
      RpcMethod.unary("never", Codec.utf8(), Codec.utf8());
  private static final StreamMethod OF_THE_CLIENT = StreamMethod.of("of_the_client");
  private static final byte CANCEL = 3;

  /** Without pings in time, whose pongs would make the server send what waits to be sent. */
  private static RpcServer start(ServerLimits.Builder limits) throws Exception {
    limits.heartbeatInterval(Duration.ofMinutes(1)).heartbeatTimeout(Duration.ofMinutes(2));
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .limits(limits.build())
        .handleAsync(NEVER, (text, call) -> new CompletableFuture<>())
        .build()
        .start();
  }

  @Test
  void aRequestThatDoesNotEnd() throws Exception {
    try (RpcServer server = start(ServerLimits.builder().requestTimeout(Duration.ofMillis(200)));
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.frame(0, 0, 0, Frames.header(0, 1, NEVER.id(), new byte[0])), true);

      byte[] answer = peer.next();
      assertThat(Frames.statusOf(answer)).isEqualTo(2);
      assertThat(Frames.bodyOf(answer)).contains("requestTimeout");
    }
  }

  @Test
  void aHandlerThatDoesNotAnswer() throws Exception {
    try (RpcServer server = start(ServerLimits.builder().callTimeout(Duration.ofMillis(200)));
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 1, "never", ""), true);

      byte[] answer = peer.next();
      assertThat(Frames.statusOf(answer)).isEqualTo(2);
      assertThat(Frames.bodyOf(answer)).contains("callTimeout");
    }
  }

  @Test
  void aStreamingCallOfTheServer() throws Exception {
    try (RpcServer server = start(ServerLimits.builder());
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.frame(0, 0, 5, new byte[0]), true); // a ping, which tells how to write
      peer.next();
      CallOptions options = CallOptions.deadline(Duration.ofMillis(200));
      server.connections().get(0).caller().open(OF_THE_CLIENT, new byte[0], options);
      peer.next();

      assertThat(peer.next()[12]).isEqualTo(CANCEL);
    }
  }
}
