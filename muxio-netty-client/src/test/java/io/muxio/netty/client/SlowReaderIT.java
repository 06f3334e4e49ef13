package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.RpcServer;
import io.muxio.netty.server.ServerLimits;
import io.muxio.rpc.endpoint.StreamHandler;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A stream whose reader takes a chunk only when the writer cannot go on: every chunk comes, byte by
 * byte, in bounded memory. No time is measured, so readers have all the time that they want.
 */
@Timeout(120)
class SlowReaderIT {
  private static final StreamMethod STREAM = StreamMethod.of("stream");
  private static final int CHUNK = 1 << 16;
  private static final int CHUNKS = 1_024;

  /** Half of what is streamed. Queues of both ends, and pools, which grow by 4 MiB. */
  private static final long MOST_MEMORY = 32 << 20;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final CompletableFuture<ChunkWriter> writer = new CompletableFuture<>();
  private final CompletableFuture<Void> written = new CompletableFuture<>();
  private final CompletableFuture<Void> read = new CompletableFuture<>();

  private static byte[] chunk(int number) {
    byte[] bytes = new byte[CHUNK];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  private void writeAll(ChunkWriter stream) {
    writer.complete(stream);
    try {
      for (int number = 0; number < CHUNKS; number++) {
        stream.write(Unpooled.wrappedBuffer(chunk(number)));
      }
      stream.end();
      written.complete(null);
    } catch (Throwable e) {
      written.completeExceptionally(e);
    }
  }

  private static long directMemory() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  private void readAll(ChunkReader stream) {
    long before = directMemory();
    long most = 0;
    try {
      for (int number = 0; number < CHUNKS; number++) {
        awaitStall();
        most = Math.max(most, directMemory() - before);
        ByteBuf bytes = stream.read();
        assertThat(bytes).as("chunk %s", number).isNotNull();
        assertThat(ByteBufUtil.getBytes(bytes)).as("chunk %s", number).isEqualTo(chunk(number));
        bytes.release();
      }
      assertThat(stream.read()).isNull();
      assertThat(most).as("bytes of direct memory").isLessThan(MOST_MEMORY);
      read.complete(null);
    } catch (Throwable e) {
      read.completeExceptionally(e);
    }
  }

  /** Until the writer waits for the reader, or has nothing left to write. */
  private void awaitStall() {
    ChunkWriter stream = writer.join();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> written.isDone() || !stream.isWritable());
  }

  private RpcServer serve(StreamHandler handler) throws Exception {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .limits(ServerLimits.builder().readerTimeout(PATIENCE).build())
        .handleStream(STREAM, handler)
        .build()
        .start();
  }

  private static RpcClient connect(RpcServer server) throws Exception {
    return RpcClient.builder("ws://127.0.0.1:" + server.address().getPort() + "/ws")
        .limits(ClientLimits.builder().readerTimeout(PATIENCE).build())
        .connect();
  }

  @Test
  void anAnswerComesWhole() throws Exception {
    try (RpcServer server = serve((request, response, call) -> writeAll(response));
        RpcClient client = connect(server);
        StreamCall call = client.open(STREAM)) {
      call.request().end();
      readAll(call.response());
      read.get(1, TimeUnit.MINUTES);
      written.get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void aRequestComesWhole() throws Exception {
    try (RpcServer server = serve((request, response, call) -> readAll(request));
        RpcClient client = connect(server);
        StreamCall call = client.open(STREAM)) {
      writeAll(call.request());
      written.get(1, TimeUnit.MINUTES);
      read.get(1, TimeUnit.MINUTES);
      assertThat(call.response().read()).isNull();
    }
  }
}
