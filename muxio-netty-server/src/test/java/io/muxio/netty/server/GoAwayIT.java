package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that closes and tells a client that speaks the extension. */
@Timeout(60)
class GoAwayIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> LATER =
      RpcMethod.unary("later", Codec.utf8(), Codec.utf8());
  private static final int OPEN = 0;
  private static final int END = 2;
  private static final int SETTINGS = 16;
  private static final int HEADERS = 17;
  private static final int GOAWAY = 20;
  private static final String RETRY_AT_ONCE = "\2\10" + "\0".repeat(9);

  private final CompletableFuture<String> later = new CompletableFuture<>();
  private final CountDownLatch running = new CountDownLatch(1);

  private RpcServer server(Duration closeTimeout) throws Exception {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .limits(
            ServerLimits.builder()
                .drainTimeout(Duration.ofMinutes(2))
                .closeTimeout(closeTimeout)
                .build())
        .handle(ECHO, (text, call) -> text)
        .handleAsync(
            LATER,
            (text, call) -> {
              running.countDown();
              return later;
            })
        .build()
        .start();
  }

  private static CompletableFuture<Void> closeLater(RpcServer server) {
    return CompletableFuture.runAsync(server::close, task -> new Thread(task).start());
  }

  @Test
  void answersTheCallsThatWereOnTheirWayUntilTheClientCloses() throws Exception {
    RpcServer server = server(Duration.ofMinutes(1));
    try (ExtendedPeer peer = new ExtendedPeer(server)) {
      CompletableFuture<Void> closing = closeLater(server);
      Frame told = peer.next();
      assertThat(told.kind()).isEqualTo(GOAWAY);
      assertThat(told.text()).isEqualTo("the server closes");

      peer.raw.sendBinary(Frames.call(0, 5, "echo", "crossed"));
      Frame headers = peer.next();
      assertThat(headers.kind()).isEqualTo(HEADERS);
      assertThat(headers.stream()).isEqualTo(5);
      assertThat(headers.text()).isEqualTo(RETRY_AT_ONCE);
      Frame answer = peer.next();
      assertThat(answer.kind()).isEqualTo(OPEN);
      assertThat(answer.text()).endsWith("the server closes");
      assertThat(peer.next().kind()).isEqualTo(END);
      assertThat(closing).isNotDone();

      peer.raw.send(RawPeer.webSocketFrame(RawPeer.CLOSE, new byte[] {3, (byte) 0xe8}));
      peer.raw.readClose(1000);
      closing.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void tellsItWhileCallsRun() throws Exception {
    RpcServer server = server(Duration.ofMillis(100));
    try (ExtendedPeer peer = new ExtendedPeer(server)) {
      peer.raw.sendBinary(Frames.call(0, 5, "later", ""));
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Void> closing = closeLater(server);
      assertThat(peer.next().kind()).isEqualTo(GOAWAY);
      later.complete("finished");
      assertThat(peer.next().text()).endsWith("finished");
      peer.raw.readClose(1001);
      peer.raw.close();
      closing.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void waitsForAClientThatDoesNotCloseNoLongerThanForOneThatDoesNotAnswerAClose() throws Exception {
    RpcServer server = server(Duration.ofMillis(100));
    try (ExtendedPeer peer = new ExtendedPeer(server)) {
      CompletableFuture<Void> closing = closeLater(server);
      peer.raw.readClose(1001);
      closing.get(20, TimeUnit.SECONDS);
    }
  }

  /** A client that has shaken hands and taken the server's settings. */
  private static final class ExtendedPeer implements AutoCloseable {
    private final RawPeer raw;
    private final Queue<Frame> frames = new ArrayDeque<>();

    ExtendedPeer(RpcServer server) throws Exception {
      raw = RawPeer.connect(server.address().getPort());
      String request = new String(RawPeer.upgradeRequest(), StandardCharsets.US_ASCII);
      String offer = "Version: 13\r\nSec-WebSocket-Protocol: muxio.x1\r\n";
      raw.send(request.replace("Version: 13\r\n", offer).getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.readUntil("\r\n\r\n")).contains(" 101 ", "muxio.x1");
      raw.sendBinary(Frames.frame(0, 0, SETTINGS, new byte[0]));
      assertThat(next().kind()).isEqualTo(SETTINGS);
    }

    Frame next() throws Exception {
      while (frames.isEmpty()) {
        ByteBuffer message = ByteBuffer.wrap(raw.next()).order(ByteOrder.LITTLE_ENDIAN);
        while (message.hasRemaining()) {
          byte[] payload = new byte[message.getInt()];
          int stream = message.getInt();
          message.getInt();
          int kind = message.get();
          message.get(payload);
          frames.add(new Frame(kind, stream, new String(payload, StandardCharsets.ISO_8859_1)));
        }
      }
      return frames.remove();
    }

    @Override
    public void close() throws IOException {
      raw.close();
    }
  }

  /** A frame, whose payload is shown with a character for each byte. */
  private record Frame(int kind, int stream, String text) {}
}
