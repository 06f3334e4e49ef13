package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.RpcServer;
import io.muxio.netty.server.ServerLimits;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.StreamMethod;
import io.muxio.test.Memory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A published client, which has no flow control, takes a mebibyte a second of a stream or writes to
 * a server that does, and the other end writes as fast as it can: what our end holds is bounded.
 * {@code -Dslow.seconds=20} makes each of them longer, {@code -Dslow.mebibytes=N} lets the client
 * hold more.
 */
class SlowPeersIT {
  private static final StreamMethod FAST = StreamMethod.of("fast");
  private static final StreamMethod SLOW = StreamMethod.of("slow.stream");
  private static final byte[] CHUNK = new byte[1 << 16];
  private static final long BYTES_PER_SECOND = 1 << 20;
  private static final int SECONDS = Integer.getInteger("slow.seconds", 5);

  /** What is written where the client holds all that nobody has taken. */
  private static final int MEBIBYTES = Integer.getInteger("slow.mebibytes", 256);

  private static final int TEN_GIBIBYTES = 10 << 10;

  /** The window of one stream, and 32 for the rest, what pools keep for later included. */
  private static final int MOST_MEBIBYTES = 1 + 32;

  private final AtomicLong streamed = new AtomicLong();
  private RpcServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        RpcServer.builder()
            .handleStream(FAST, (request, response, call) -> write(call.parameters(), response))
            .handleStream(SLOW, (request, response, call) -> take(request))
            .limits(ServerLimits.builder().drainTimeout(Duration.ofMillis(100)).build())
            .bind("127.0.0.1", 0)
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void write(byte[] argument, ChunkWriter response) throws InterruptedException {
    long bytes = ByteBuffer.wrap(argument).order(ByteOrder.LITTLE_ENDIAN).getLong();
    while (streamed.get() < bytes) {
      response.write(ByteBufAllocator.DEFAULT.directBuffer(CHUNK.length).writeBytes(CHUNK));
      streamed.addAndGet(CHUNK.length);
    }
  }

  /** At the pace of the slow end. Fails with what the stream fails with when the client is gone. */
  private void take(ChunkReader request) throws InterruptedException {
    long start = System.nanoTime();
    for (ByteBuf chunk = request.read(); chunk != null; chunk = request.read()) {
      long bytes = streamed.addAndGet(chunk.readableBytes());
      chunk.release();
      long dueNanos = TimeUnit.SECONDS.toNanos(bytes) / BYTES_PER_SECOND;
      TimeUnit.NANOSECONDS.sleep(dueNanos - (System.nanoTime() - start));
    }
  }

  /** What has come and was not taken waits in the client: it reads its socket as it comes. */
  @Test
  void aClientThatTakesItsAnswerSlowly() throws Exception {
    stream("--slow-reader", FAST, MEBIBYTES);
  }

  /** What reads its socket takes the chunks itself, slowly. */
  @Test
  void aClientThatReadsItsSocketSlowly() throws Exception {
    stream("--slow-socket", FAST, TEN_GIBIBYTES);
    assertThat(streamed.get() >> 20).as("MiB that were written").isLessThan(TEN_GIBIBYTES);
  }

  /** What the server has not read waits in the client, which can ask nobody whether to go on. */
  @Test
  void aClientThatWritesFast() throws Exception {
    stream("--fast-writer", SLOW, MEBIBYTES);
  }

  private void stream(String how, StreamMethod method, int mebibytes) throws Exception {
    List<String> command =
        List.of(
            ForeignPeers.rust().resolve("muxio-client-0-17").toString(),
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(server.address().getPort()),
            how,
            method.name(),
            "--seconds",
            Integer.toString(SECONDS),
            "--mebibytes",
            Integer.toString(mebibytes));
    try (Memory memory = Memory.watch()) {
      CompletableFuture<ForeignPeers.Outcome> client = new CompletableFuture<>();
      Thread runs = new Thread(() -> run(command, client), "client");
      runs.start();
      await()
          .atMost(Duration.ofSeconds(SECONDS + 60L))
          .until(
              () -> {
                memory.lookAtHeap();
                return client.isDone();
              });
      String line = line(client.join());
      System.err.printf(
          "%s: %s, %d MiB went through the server, which had %d MiB of heap and %d MiB of direct"
              + " memory at most%n",
          how, line, streamed.get() >> 20, memory.mostHeap(), memory.mostDirect());
      assertThat(streamed.get()).as("bytes through the server").isPositive();
      assertThat(memory.mostHeap() + memory.mostDirect())
          .as("MiB: heap %s, direct memory %s", memory.mostHeap(), memory.mostDirect())
          .isLessThanOrEqualTo(MOST_MEBIBYTES);
    }
  }

  private static void run(List<String> command, CompletableFuture<ForeignPeers.Outcome> outcome) {
    try {
      outcome.complete(ForeignPeers.run(command));
    } catch (Throwable e) {
      outcome.completeExceptionally(e);
    }
  }

  private static String line(ForeignPeers.Outcome outcome) {
    assertThat(outcome.lines()).as(outcome.errors()).hasSize(1);
    assertThat(outcome.lines().get(0)).matches("bytes=[1-9]\\d* peak_kib=\\d+");
    return outcome.lines().get(0);
  }
}
