package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.Transport;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Handlers that are slow, never return or never read hold up nobody: neither the other calls of
 * their connection nor the other connections of its event loop. It shows by what is answered while
 * they all still run, not by how long it takes.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a blocked write stays so
class IsolationIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> SLOW =
      RpcMethod.unary("slow", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> NEVER =
      RpcMethod.unary("never", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STUCK = StreamMethod.of("stuck");

  private static final int SLOW_CALLS = 100;
  private static final int NEVER_ID = 1000;
  private static final int STREAM_ID = 1001;
  private static final int FIRST_ECHO = 2000;
  private static final int CHUNK = 1 << 16;

  private final EventLoopGroup oneLoop = Transport.best().newGroup(1, "one-loop", true);
  private final AtomicInteger running = new AtomicInteger();
  private final CountDownLatch slowMayEnd = new CountDownLatch(1);
  private RpcServer server;
  private RawPeer peer;
  private RawPeer other;
  private int sequence = 1;

  @BeforeEach
  void start() throws Exception {
    server =
        RpcServer.builder()
            .bind("127.0.0.1", 0)
            .eventLoopGroup(oneLoop)
            .limits(
                ServerLimits.builder()
                    .readerTimeout(Duration.ofMillis(200))
                    .drainTimeout(Duration.ofMillis(100))
                    .build())
            .handle(ECHO, (text, call) -> text)
            .handle(
                SLOW,
                (text, call) -> {
                  running.incrementAndGet();
                  slowMayEnd.await();
                  return text;
                })
            .handle(
                NEVER,
                (text, call) -> {
                  running.incrementAndGet();
                  awaitTheEnd();
                  return text;
                })
            .handleStream(
                STUCK,
                (request, response, call) -> {
                  running.incrementAndGet();
                  awaitTheEnd();
                })
            .build()
            .start();
    peer = RawPeer.upgrade(server);
    other = RawPeer.upgrade(server);
    for (int id = 0; id < SLOW_CALLS; id++) {
      peer.sendBinary(Frames.call(id, id, "slow", "slow " + id));
    }
    peer.sendBinary(Frames.call(NEVER_ID, NEVER_ID, "never", ""));
    byte[] header = Frames.header(0, STREAM_ID, STUCK.id(), new byte[0]);
    peer.sendBinary(Frames.frame(STREAM_ID, 0, 0, header));
    await().until(() -> running.get() == SLOW_CALLS + 2);
  }

  /** Until the server has been closed, which interrupts what still runs. */
  private static void awaitTheEnd() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // at last
    }
  }

  @AfterEach
  void close() throws Exception {
    peer.close();
    other.close();
    server.close();
    oneLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  /** One after the other: an answer that is held up would keep the next call from being made. */
  private static void echo(RawPeer client, int first, int count) throws IOException {
    for (int id = first; id < first + count; id++) {
      client.sendBinary(Frames.call(id, id, "echo", "prompt " + id));
      byte[] answer = client.next();
      assertThat(Frames.requestIdOf(answer)).isEqualTo(id);
      assertThat(Frames.bodyOf(answer)).isEqualTo("prompt " + id);
    }
  }

  private void sendChunks(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      peer.sendBinary(Frames.frame(STREAM_ID, sequence++, 1, new byte[CHUNK]));
    }
  }

  /** And at last the slow calls are all answered. */
  private void slowCallsEnd() throws IOException {
    slowMayEnd.countDown();
    Set<Integer> answered = new HashSet<>();
    while (answered.size() < SLOW_CALLS) {
      for (byte[] answer : AnswerSplitter.split(peer.next())) {
        int id = Frames.requestIdOf(answer);
        assertThat(Frames.bodyOf(answer)).isEqualTo("slow " + id);
        assertThat(answered.add(id)).isTrue();
      }
    }
  }

  @Test
  void otherCallsOfTheConnectionAreAnswered() throws Exception {
    echo(peer, FIRST_ECHO, 200);
    slowCallsEnd();
  }

  @Test
  void otherConnectionsOfTheEventLoopAreAnswered() throws Exception {
    echo(other, 0, 200);
    slowCallsEnd();
  }

  @Test
  void callsOfBothAtOnceAreAnswered() throws Exception {
    byte[][] calls = new byte[500][];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = Frames.call(FIRST_ECHO + i, FIRST_ECHO + i, "echo", "together");
    }
    peer.sendBinary(calls);
    other.sendBinary(calls);
    for (RawPeer client : new RawPeer[] {peer, other}) {
      int answered = 0;
      while (answered < calls.length) {
        for (byte[] answer : AnswerSplitter.split(client.next())) {
          assertThat(Frames.bodyOf(answer)).isEqualTo("together");
          answered++;
        }
      }
    }
    slowCallsEnd();
  }

  /** Two megabytes, past the mark at which the server stops to read, but below the bound. */
  @Test
  void aStreamThatIsNotReadHoldsUpItsConnectionNoLongerThanTheReaderTimeout() throws Exception {
    sendChunks(32);
    echo(other, 0, 100);
    echo(peer, FIRST_ECHO, 100);
    assertThat(server.connections()).hasSize(2);
    slowCallsEnd();
  }

  /** Eight, past the bound: the stream fails, and nothing else does. */
  @Test
  void aStreamThatIsNotReadFailsAlone() throws Exception {
    sendChunks(128);
    byte[] failure = AnswerSplitter.split(peer.next()).get(0);
    assertThat(Frames.requestIdOf(failure)).isEqualTo(STREAM_ID);
    assertThat(Frames.statusOf(failure)).isEqualTo(2);
    assertThat(Frames.bodyOf(failure)).contains("maxStreamBufferedBytes");
    echo(other, 0, 100);
    echo(peer, FIRST_ECHO, 100);
    slowCallsEnd();
  }
}
