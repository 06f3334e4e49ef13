package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.MethodId;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send right frames, but more of them than anybody could serve, or read nothing. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a blocked write stays so
class GreedyPeersIT {
  private static final RpcMethod<String, byte[]> MEBIBYTE =
      RpcMethod.unary("mebibyte", Codec.utf8(), Codec.bytes());
  private static final StreamMethod STUCK = StreamMethod.of("stuck");
  private static final StreamMethod ENDLESS = StreamMethod.of("endless");
  private static final byte[] EMPTY = new byte[0];
  private static final byte[] ANSWER = new byte[1 << 20];
  private static final int CHUNK = 1 << 16;

  private final AtomicInteger running = new AtomicInteger();
  private AttackedServer server;

  @BeforeEach
  void start() throws Exception {
    RpcServerBuilder methods =
        RpcServer.builder()
            .handle(MEBIBYTE, (text, call) -> ANSWER)
            .handleStream(
                STUCK,
                (request, response, call) -> {
                  CountDownLatch over = new CountDownLatch(1);
                  call.onCancel(over::countDown);
                  running.incrementAndGet();
                  try {
                    over.await();
                  } finally {
                    running.decrementAndGet();
                  }
                })
            .handleStream(
                ENDLESS,
                (request, response, call) -> {
                  running.incrementAndGet();
                  try {
                    while (true) {
                      response.write(Unpooled.wrappedBuffer(new byte[CHUNK]));
                    }
                  } finally {
                    running.decrementAndGet();
                  }
                });
    server =
        new AttackedServer(
            methods,
            ServerLimits.builder()
                .heartbeatInterval(Duration.ofMillis(100))
                .writeTimeout(Duration.ofMillis(500))
                .readerTimeout(Duration.ofMillis(100))
                .requestTimeout(Duration.ofMillis(500))
                .maxOutboundBytes(8 << 20));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    await().until(() -> running.get() == 0);
  }

  private static byte[] open(int id, long method) {
    return Frames.frame(id, 0, 0, Frames.header(0, id, method, EMPTY));
  }

  /** 100,000 of them, of which it hears of the 16,385th only. */
  @Test
  void streamsThatNeverEnd() throws Exception {
    byte[][] opens = new byte[1000][];
    server.survives(
        8,
        16,
        () -> {
          try (RawPeer peer = server.peer()) {
            for (int next = 0; next < 100_000; ) {
              for (int i = 0; i < opens.length; i++) {
                opens[i] = Frames.frame(next++, 0, 0, EMPTY);
              }
              peer.sendBinary(opens);
              if (next == 16_000) {
                server.holdsMost();
              }
            }
            server.awaitRefusal(peer, 1008, "more than 16384 inbound streams at once");
          }
        });
  }

  @Test
  void callsWhoseRequestNeverEnds() throws Exception {
    byte[][] calls = new byte[1000][];
    for (int id = 0; id < calls.length; id++) {
      calls[id] = open(id, AttackedServer.ECHO.id());
    }
    server.survives(
        8,
        8,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(calls);
            assertThat(answersOf(peer, calls.length, 2)).hasSize(calls.length);
            server.awaitLogged(peer, "requestTimeout");
          }
        });
  }

  @Test
  void tenThousandCallsOfAnUnknownMethod() throws Exception {
    byte[][] calls = new byte[1000][];
    server.survives(
        8,
        8,
        () -> {
          try (RawPeer peer = server.peer()) {
            for (int next = 0; next < 10_000; ) {
              for (int i = 0; i < calls.length; i++, next++) {
                calls[i] = Frames.call(next, next, "unknown", "");
              }
              peer.sendBinary(calls);
              assertThat(answersOf(peer, calls.length, 3)).hasSize(calls.length);
            }
            server.awaitLogged(
                peer, "call of unknown method: " + MethodId.toString(MethodId.of("unknown")));
            assertThat(server.logOf(peer)).as("lines for all of them").hasSize(1);
          }
        });
  }

  /** The requests that are answered with this status. */
  private static Set<Integer> answersOf(RawPeer peer, int count, int status) throws IOException {
    Set<Integer> answered = new HashSet<>();
    while (answered.size() < count) {
      for (byte[] answer : AnswerSplitter.split(peer.next())) {
        assertThat(Frames.statusOf(answer)).isEqualTo(status);
        assertThat(answered.add(Frames.requestIdOf(answer))).isTrue();
      }
    }
    return answered;
  }

  @Test
  void manyLargeAnswersThatAreNotRead() throws Exception {
    byte[][] calls = new byte[64][];
    for (int id = 0; id < calls.length; id++) {
      calls[id] = Frames.call(id, id, "mebibyte", "");
    }
    server.survives(
        24,
        24,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(calls);
            server.awaitLogged(peer, "the answer of 1048576 bytes is more than may still wait");
            server.awaitLogged(peer, "took nothing of what waits for PT0.5S (writeTimeout)");
            assertIsCutOff(peer);
          }
        });
  }

  /** It reads, but asked for more at once than may wait for it. */
  @Test
  void moreLargeAnswersThanMayWait() throws Exception {
    int asked = 64;
    byte[][] calls = new byte[asked][];
    for (int id = 0; id < asked; id++) {
      calls[id] = Frames.call(id, id, "mebibyte", "");
    }
    try (RawPeer peer = server.peer()) {
      peer.sendBinary(calls);
      server.awaitLogged(peer, "the answer of 1048576 bytes is more than may still wait");
      int answered = 0;
      int refused = 0;
      for (int begun = 0, ended = 0; ended < asked; ) {
        byte[] message = peer.next();
        for (byte[] answer : AnswerSplitter.split(message)) {
          begun++;
          if (Frames.statusOf(answer) == 0) {
            answered++;
          } else {
            refused++;
            assertThat(Frames.bodyOf(answer)).endsWith("may still wait for you (maxOutboundBytes)");
          }
        }
        ended += AnswerSplitter.ends(message);
        assertThat(begun).isBetween(ended, asked);
      }
      assertThat(answered).isPositive();
      assertThat(refused).isPositive();
      AttackedServer.goesOn(peer, asked);
    }
  }

  /** It goes on to send until nobody takes it any more: the server has stopped to read. */
  @Test
  void smallAnswersThatAreNotRead() throws Exception {
    String request = "x".repeat(1000);
    server.survives(
        24,
        24,
        () -> {
          try (RawPeer peer = server.peer()) {
            assertThatThrownBy(
                    () -> {
                      for (int id = 0; ; id++) {
                        peer.sendBinary(Frames.call(id, id, "echo", request));
                      }
                    })
                .isInstanceOf(IOException.class);
            server.awaitLogged(
                peer, "the peer took nothing of what waits for PT0.5S (writeTimeout)");
          }
        });
  }

  @Test
  void pongsThatAreNotRead() throws Exception {
    byte[] ping = RawPeer.webSocketFrame(RawPeer.PING, new byte[125]);
    byte[][] pings = new byte[500][];
    Arrays.fill(pings, ping);
    byte[] flood = Frames.join(pings);
    server.survives(
        24,
        64, // with what the leak check notes of each of the small buffers
        () -> {
          try (RawPeer peer = server.peer()) {
            assertThatThrownBy(() -> sendForEver(peer, flood)).isInstanceOf(IOException.class);
            server.awaitLogged(
                peer, "the peer took nothing of what waits for PT0.5S (writeTimeout)");
          }
        });
  }

  @Test
  void pongFramesThatAreNotRead() throws Exception {
    byte[] ping = Frames.frame(1, 0, 5, new byte[1000]);
    byte[][] pings = new byte[100][];
    Arrays.fill(pings, ping);
    byte[] flood = RawPeer.webSocketFrame(RawPeer.BINARY, Frames.join(pings));
    server.survives(
        24,
        24,
        () -> {
          try (RawPeer peer = server.peer()) {
            assertThatThrownBy(() -> sendForEver(peer, flood)).isInstanceOf(IOException.class);
            server.awaitLogged(
                peer, "the peer took nothing of what waits for PT0.5S (writeTimeout)");
          }
        });
  }

  private static void sendForEver(RawPeer peer, byte[] bytes) throws IOException {
    while (true) {
      peer.send(bytes);
    }
  }

  @Test
  void aStreamThatIsNotRead() throws Exception {
    server.survives(
        24,
        24,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(open(1, ENDLESS.id()));
            server.awaitLogged(
                peer, "the peer took nothing of what waits for PT0.5S (writeTimeout)");
            assertIsCutOff(peer);
          }
        });
  }

  private static void assertIsCutOff(RawPeer peer) {
    try {
      peer.readAll();
    } catch (IOException e) {
      // reset, which is an end too
    }
  }

  @Test
  void aFloodForAReaderThatIsStuck() throws Exception {
    byte[] chunk = new byte[CHUNK];
    server.survives(
        16,
        16,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(open(1, STUCK.id()));
            for (int sequence = 1; sequence <= 128; sequence++) {
              peer.sendBinary(Frames.frame(1, sequence, 1, chunk));
            }
            byte[] failure = AnswerSplitter.split(peer.next()).get(0);
            assertThat(Frames.statusOf(failure)).isEqualTo(2);
            assertThat(Frames.bodyOf(failure)).contains("maxStreamBufferedBytes");
            server.awaitLogged(peer, "stream 1 dropped");
            AttackedServer.goesOn(peer, 2);
          }
        });
  }
}
