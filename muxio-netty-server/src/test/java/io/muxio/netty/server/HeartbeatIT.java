package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.Transport;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whose silence counts. What tells the tests that the time is over is a client that is silent from
 * then on: when the server has closed it, whoever else had to be closed is so too.
 */
class HeartbeatIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, byte[]> MEBIBYTES =
      RpcMethod.unary("mebibytes", Codec.utf8(), Codec.bytes());
  private static final RpcMethod<String, String> BLOCK =
      RpcMethod.unary("block", Codec.utf8(), Codec.utf8());
  private static final int ANSWER_SIZE = 16 << 20;

  private final EventLoopGroup oneLoop = Transport.best().newGroup(1, "one-loop", true);
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private RpcServer server;
  private RpcServer clock;

  private static RpcServerBuilder builder() {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .limits(
            ServerLimits.builder()
                .heartbeatInterval(Duration.ofMillis(100))
                .heartbeatTimeout(Duration.ofSeconds(2))
                .build());
  }

  @BeforeEach
  void start() throws Exception {
    clock = builder().build().start();
    server =
        builder()
            .eventLoopGroup(oneLoop)
            .handle(ECHO, (text, call) -> text)
            .handle(MEBIBYTES, (text, call) -> new byte[ANSWER_SIZE])
            .handle(
                BLOCK,
                (text, call) -> {
                  blocked.countDown();
                  release.await();
                  return text;
                },
                ExecutionMode.EVENT_LOOP)
            .build()
            .start();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    clock.close();
    oneLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  /** Done when a client that was silent from now on is closed. */
  private CompletableFuture<Void> timeIsOver() throws Exception {
    RawPeer silent = RawPeer.upgrade(clock, new byte[0]);
    return CompletableFuture.runAsync(
        () -> {
          try (silent) {
            silent.readAll();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void aClientThatIsNotReadIsNotSilent() throws Exception {
    try (RawPeer peer = RawPeer.upgrade(server, new byte[0])) {
      peer.send(RawPeer.webSocketFrame(RawPeer.BINARY, Frames.call(0, 1, "mebibytes", "")));
      peer.readUntil("\u0082"); // the answer begins
      timeIsOver().get(20, TimeUnit.SECONDS);

      peer.skip(ANSWER_SIZE);
      peer.send(RawPeer.webSocketFrame(RawPeer.BINARY, Frames.call(2, 2, "echo", "still here")));
      assertThat(peer.readUntil("still here")).isNotEmpty();
    }
  }

  @Test
  void aMessageThatTakesItsTimeIsNoSilence() throws Exception {
    byte[] message = RawPeer.webSocketFrame(RawPeer.BINARY, Frames.call(0, 1, "echo", "slow"));
    try (RawPeer peer = RawPeer.upgrade(server, new byte[0])) {
      CompletableFuture<Void> over = timeIsOver();
      int[] sent = {0};
      await()
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                peer.send(Arrays.copyOfRange(message, sent[0], ++sent[0]));
                return over.isDone();
              });
      assertThat(sent[0]).isLessThan(message.length);
      peer.send(Arrays.copyOfRange(message, sent[0], message.length));

      assertThat(peer.readUntil("slow")).isNotEmpty();
    }
  }

  @Test
  void anEventLoopThatIsHeldUpLosesNoClient() throws Exception {
    try (WebSocketPeer blocker = WebSocketPeer.connect(server);
        WebSocketPeer other = WebSocketPeer.connect(server)) {
      blocker.send(Frames.call(0, 1, "block", "released"), true);
      assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
      timeIsOver().get(20, TimeUnit.SECONDS);
      release.countDown();

      assertThat(Frames.bodyOf(blocker.next())).isEqualTo("released");
      other.send(Frames.call(0, 1, "echo", "still here"), true);
      assertThat(Frames.bodyOf(other.next())).isEqualTo("still here");
    }
  }

  @Test
  void aClientThatNeverSpokeButAnswersPingsStays() throws Exception {
    try (WebSocketPeer quiet = WebSocketPeer.connect(server)) {
      timeIsOver().get(20, TimeUnit.SECONDS);
      assertThat(server.connections()).hasSize(1);
      quiet.send(Frames.call(0, 1, "echo", "at last"), true);

      assertThat(Frames.bodyOf(quiet.next())).isEqualTo("at last");
    }
  }

  @Test
  void noPingFollowsTheClose() throws Exception {
    try (RawPeer peer = RawPeer.upgrade(server, new byte[0])) {
      await().until(() -> server.connections().size() == 1);
      server.connections().get(0).close(); // which the peer does not answer for closeTimeout, 2 s

      assertThat(peer.readAll()).endsWith(0x88, 8, 3, 0xe8, 'c', 'l', 'o', 's', 'e', 'd');
    }
  }

  @Test
  void aClientThatNeverSaysAnythingGoes() throws Exception {
    try (RawPeer silent = RawPeer.upgrade(server, new byte[0])) {
      String pings = new String(silent.readAll(), StandardCharsets.ISO_8859_1);

      assertThat(pings).matches("(\u0089\u0000)+");
      await().until(() -> server.connections().isEmpty());
    }
  }
}
