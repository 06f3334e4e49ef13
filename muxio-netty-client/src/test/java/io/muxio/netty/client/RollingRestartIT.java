package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Servers that replace each other behind one address, under load: no call is lost and none runs
 * twice, though none is idempotent, and every stream that was begun comes to its end.
 */
@Timeout(120)
class RollingRestartIT {
  private static final RpcMethod<byte[], byte[]> NUMBER =
      RpcMethod.unary("number", Codec.bytes(), Codec.bytes());
  private static final StreamMethod UPLOAD = StreamMethod.of("upload");
  private static final StreamMethod DOWNLOAD = StreamMethod.of("download");
  private static final int CLIENTS = 50;
  private static final int STREAMING_CLIENTS = 5;
  private static final int RESTARTS = 5;
  private static final int CALLS_BETWEEN = 2_000;
  private static final int CHUNKS = 100;
  private static final int CHUNK = 2_048;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();

  /** How often each call has run, by its number. */
  private final Map<Long, AtomicInteger> runs = new ConcurrentHashMap<>();

  private final List<RpcClient> clients = new ArrayList<>();
  private RollingServer server;
  private volatile boolean over;

  @BeforeEach
  void start() throws IOException {
    server = new RollingServer(this::methods);
    for (int client = 0; client < CLIENTS; client++) {
      clients.add(RpcClient.connect(server.uri()));
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    over = true;
    clients.forEach(RpcClient::close);
    server.close();
    threads.shutdown();
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  private void methods(RpcServerBuilder builder) {
    builder
        .handle(
            NUMBER,
            (number, call) -> {
              long sent = ByteBuffer.wrap(number).getLong();
              runs.computeIfAbsent(sent, first -> new AtomicInteger()).incrementAndGet();
              return number;
            })
        .handleStream(
            UPLOAD,
            (request, response, call) -> {
              int bytes = 0;
              for (ByteBuf chunk = request.read(); chunk != null; chunk = request.read()) {
                bytes += chunk.readableBytes();
                chunk.release();
              }
              response.write(Unpooled.copyInt(bytes));
              response.end();
            })
        .handleStream(
            DOWNLOAD,
            (request, response, call) -> {
              for (int chunk = 0; chunk < CHUNKS; chunk++) {
                response.write(Unpooled.wrappedBuffer(new byte[CHUNK]));
              }
              response.end();
            });
  }

  @Test
  void losesNoCallAndNoStream() throws Exception {
    List<Future<?>> load = new ArrayList<>();
    for (RpcClient client : clients) {
      load.add(threads.submit(() -> callUntilOver(client)));
    }
    for (RpcClient client : clients.subList(0, STREAMING_CLIENTS)) {
      load.add(threads.submit(() -> streamUntilOver(() -> upload(client))));
      load.add(threads.submit(() -> streamUntilOver(() -> download(client))));
    }
    List<CompletableFuture<Void>> closed = new ArrayList<>();
    for (int restart = 0; restart < RESTARTS; restart++) {
      awaitMore(load);
      closed.add(server.replace());
    }
    awaitMore(load);
    over = true;
    for (Future<?> each : load) {
      each.get(30, TimeUnit.SECONDS);
    }

    closed.forEach(CompletableFuture::join);
    assertThat(runs).hasSize(answered.get()).hasSize(numbers.intValue());
    assertThat(runs.values()).allSatisfy(times -> assertThat(times).hasValue(1));
  }

  /** Until there is as much again; a load that has ended has failed. */
  private void awaitMore(List<Future<?>> load) throws Exception {
    int calls = answered.get() + CALLS_BETWEEN;
    int more = streams.get() + STREAMING_CLIENTS;
    await()
        .until(
            () ->
                (answered.get() >= calls && streams.get() >= more)
                    || load.stream().anyMatch(Future::isDone));
    for (Future<?> each : load) {
      if (each.isDone()) {
        each.get();
      }
    }
  }

  private Void callUntilOver(RpcClient client) {
    while (!over) {
      byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(numbers.getAndIncrement()).array();
      assertThat(client.call(NUMBER, number).join()).isEqualTo(number);
      answered.incrementAndGet();
    }
    return null;
  }

  private interface StreamTest {
    void run() throws Exception;
  }

  /** A stream may be refused as long as it has not begun; then it is opened again. */
  private Void streamUntilOver(StreamTest stream) throws Exception {
    while (!over) {
      try {
        stream.run();
        streams.incrementAndGet();
      } catch (RpcException e) {
        if (e.mayHaveReachedPeer()) {
          throw e;
        }
      }
    }
    return null;
  }

  private static void upload(RpcClient client) throws Exception {
    try (StreamCall call = client.open(UPLOAD)) {
      for (int chunk = 0; chunk < CHUNKS; chunk++) {
        call.request().write(Unpooled.wrappedBuffer(new byte[CHUNK]));
      }
      call.request().end();
      ByteBuf answer = call.response().read();
      assertThat(answer).as("what the server has counted").isNotNull();
      assertThat(answer.readInt()).isEqualTo(CHUNKS * CHUNK);
      answer.release();
      assertThat(call.response().read()).isNull();
    }
  }

  private static void download(RpcClient client) throws Exception {
    try (StreamCall call = client.open(DOWNLOAD)) {
      call.request().end();
      int bytes = 0;
      for (ByteBuf chunk = call.response().read(); chunk != null; chunk = call.response().read()) {
        bytes += chunk.readableBytes();
        chunk.release();
      }
      assertThat(bytes).isEqualTo(CHUNKS * CHUNK);
    }
  }
}
