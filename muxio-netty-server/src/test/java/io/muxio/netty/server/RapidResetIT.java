package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.muxio.test.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that open calls only to give them up, as fast as one connection can. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a blocked write stays so
class RapidResetIT {
  private static final int CALLS = 100_000;
  private static final int CALLS_OF_A_MESSAGE = 100;
  private static final int LIMIT = 500;

  /**
   * Handlers that one connection may make begin: time makes up for calls that were given up, at
   * first for all of them, and then for a hundred a second.
   */
  private static final int MOST_HANDLERS = 10 * LIMIT;

  private static final int OPEN = 0;
  private static final int END = 2;
  private static final int CANCEL = 3;
  private static final int SETTINGS = 16;
  private static final int ABANDON = 19;
  private static final byte[] EMPTY = new byte[0];

  private static final RpcMethod<byte[], byte[]> UNARY =
      RpcMethod.unary("unary", Codec.bytes(), Codec.bytes());
  private static final StreamMethod STREAM = StreamMethod.of("stream");

  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private AttackedServer server;

  @BeforeEach
  void start() throws Exception {
    RpcServerBuilder methods =
        RpcServer.builder()
            .handleAsync(
                UNARY,
                (request, call) -> {
                  begun.incrementAndGet();
                  running.incrementAndGet();
                  CompletableFuture<byte[]> answer = new CompletableFuture<>();
                  answer.whenComplete((none, failure) -> running.decrementAndGet());
                  return answer;
                })
            .handleStream(
                STREAM,
                (request, response, call) -> {
                  begun.incrementAndGet();
                  running.incrementAndGet();
                  CountDownLatch over = new CountDownLatch(1);
                  call.onCancel(over::countDown);
                  over.await();
                  running.decrementAndGet();
                });
    server = new AttackedServer(methods, ServerLimits.builder().maxAbandonedCalls(LIMIT));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private RawPeer extendedPeer() throws IOException {
    RawPeer peer = server.connect();
    String request = new String(RawPeer.upgradeRequest(), StandardCharsets.US_ASCII);
    String offer = "Sec-WebSocket-Protocol: muxio.x1\r\n\r\n";
    peer.send(
        request.replaceFirst("\r\n\r\n$", "\r\n" + offer).getBytes(StandardCharsets.US_ASCII));
    assertThat(peer.readUntil("\r\n\r\n"))
        .startsWith("HTTP/1.1 101 ")
        .containsIgnoringCase("sec-websocket-protocol: muxio.x1\r\n");
    peer.sendBinary(Frames.frame(0, 0, SETTINGS, EMPTY));
    return peer;
  }

  private static byte[] open(int id, long method) {
    return Frames.frame(id, 0, OPEN, Frames.header(0, id, method, EMPTY));
  }

  /** A whole call, and right behind it that nobody waits for its answer. */
  private static byte[] abandoned(int id, long method) {
    return Frames.join(
        open(id, method), Frames.frame(id, 1, END, EMPTY), Frames.frame(id, 0, ABANDON, EMPTY));
  }

  /** The beginning of a call, and right behind it its cancel. */
  private static byte[] cancelled(int id, long method) {
    return Frames.join(open(id, method), Frames.frame(id, 1, CANCEL, EMPTY));
  }

  /** What is sent for a call. */
  @FunctionalInterface
  private interface Reset {
    byte[] call(int id, long method);
  }

  @Test
  void unaryCallsThatAreAbandoned() throws Exception {
    attack(extendedPeer(), UNARY.id(), RapidResetIT::abandoned);
  }

  @Test
  void streamsThatAreAbandoned() throws Exception {
    attack(extendedPeer(), STREAM.id(), RapidResetIT::abandoned);
  }

  @Test
  void unaryCallsThatAreCancelled() throws Exception {
    attack(server.peer(), UNARY.id(), RapidResetIT::cancelled);
  }

  @Test
  void streamsThatAreCancelled() throws Exception {
    attack(server.peer(), STREAM.id(), RapidResetIT::cancelled);
  }

  /** It is told to go away, and others are served meanwhile. */
  private void attack(RawPeer attacker, long method, Reset reset) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (attacker;
        Memory memory = Memory.watch();
        Neighbour other = new Neighbour(server.server())) {
      CompletableFuture<Integer> others =
          CompletableFuture.supplyAsync(() -> callUntil(over, other), RapidResetIT::thread);
      CompletableFuture<Void> flood =
          CompletableFuture.runAsync(() -> send(attacker, method, reset), RapidResetIT::thread);
      server.awaitRefusal(attacker, 1008, "more than " + LIMIT + " calls given up at once");
      server.awaitLogged(attacker, "(maxAbandonedCalls)");
      attacker.close();
      flood.join();
      memory.lookAtHeap();
      over.set(true);
      assertThat(others.join()).as("calls of another client").isPositive();
      assertThat(memory.mostDirect()).as("MiB of direct memory").isLessThan(16);
      assertThat(memory.mostHeap()).as("MiB of heap").isLessThan(24);
    }
    assertThat(begun.get()).as("handlers begun").isLessThan(MOST_HANDLERS);
    await().untilAsserted(() -> assertThat(running.get()).as("handlers that run").isZero());
  }

  /** Of its own: where there are two processors the common pool has one thread for both. */
  private static void thread(Runnable task) {
    new Thread(task, "rapid-reset").start();
  }

  private static void send(RawPeer attacker, long method, Reset reset) {
    byte[][] calls = new byte[CALLS_OF_A_MESSAGE][];
    try {
      for (int next = 0; next < CALLS; ) {
        for (int i = 0; i < calls.length; i++) {
          calls[i] = reset.call(next++, method);
        }
        attacker.sendBinary(calls);
      }
    } catch (IOException e) {
      // closed by the server, which is what is expected
    }
  }

  /** One call after the other; gives how many. */
  private static int callUntil(AtomicBoolean over, Neighbour other) {
    int calls = 0;
    try {
      do {
        other.call();
        calls++;
      } while (!over.get());
    } catch (IOException e) {
      throw new AssertionError("after " + calls + " calls of another client", e);
    }
    return calls;
  }
}
