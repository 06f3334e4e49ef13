package io.muxio.netty.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.MethodId;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Streams over sockets, with peers and readers that are slow, stuck, or gone. */
class StreamIT {
  private static final StreamMethod STREAM = StreamMethod.of("stream");
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final byte[] NOTHING = {};
  private static final int OPEN = 0;
  private static final int DATA = 1;
  private static final int END = 2;
  private static final int LIMIT = 256 << 10;
  private static final int CHUNK = 30_000;

  private static RpcServerBuilder server() {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .handle(ECHO, (text, call) -> text, ExecutionMode.EVENT_LOOP)
        .limits(limits().build());
  }

  private static ServerLimits.Builder limits() {
    return ServerLimits.builder()
        .maxStreamBufferedBytes(LIMIT)
        .readerTimeout(Duration.ofSeconds(1));
  }

  private static byte[] open(int stream, int request) {
    return Frames.frame(stream, 0, OPEN, Frames.header(0, request, STREAM.id(), NOTHING));
  }

  private static void read(io.muxio.rpc.service.ChunkReader request) throws InterruptedException {
    for (ByteBuf chunk = request.read(); chunk != null; chunk = request.read()) {
      chunk.release();
    }
  }

  @Test
  void anEchoAnswersEachChunkAsItComes() throws Exception {
    try (RpcServer server =
            server().handleStreamAsync(STREAM, (request, call) -> request).build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(open(1, 1), true);
      for (int sequence = 1; sequence <= 3; sequence++) {
        byte[] text = ("chunk " + sequence).getBytes(StandardCharsets.UTF_8);
        peer.send(Frames.frame(1, sequence, DATA, text), true);
        assertThat(new String(peer.next(), StandardCharsets.UTF_8)).endsWith("chunk " + sequence);
      }
      peer.send(Frames.frame(1, 4, END, NOTHING), true);
      assertThat(peer.next()[12]).isEqualTo((byte) END);
    }
  }

  /** Slower than to take half of the mark in the time after which a reader counts as stuck. */
  @Test
  void aReaderThatIsVerySlowButNeverStopsLosesNothingEither() throws Exception {
    int chunks = 100;
    AtomicLong bytes = new AtomicLong();
    try (RpcServer server =
            server()
                .limits(limits().readerTimeout(Duration.ofMillis(200)).build())
                .handleStream(
                    STREAM,
                    (request, response, call) -> {
                      for (ByteBuf chunk = request.read(); chunk != null; chunk = request.read()) {
                        bytes.addAndGet(chunk.readableBytes());
                        chunk.release();
                        LockSupport.parkNanos(40_000_000); // its work
                      }
                    })
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(open(1, 1), true);
      for (int sequence = 1; sequence <= chunks; sequence++) {
        peer.send(Frames.frame(1, sequence, DATA, new byte[4_000]), true);
      }
      peer.send(Frames.frame(1, chunks + 1, END, NOTHING), true);

      assertThat(Frames.statusOf(peer.next())).isZero();
      assertThat(bytes).hasValue(chunks * 4_000L);
    }
  }

  @Test
  void aReaderThatIsSlowSlowsItsPeerDownAndLosesNothing() throws Exception {
    int chunks = 300;
    AtomicLong bytes = new AtomicLong();
    try (RpcServer server =
            server()
                .handleStream(
                    STREAM,
                    (request, response, call) -> {
                      for (ByteBuf chunk = request.read(); chunk != null; chunk = request.read()) {
                        bytes.addAndGet(chunk.readableBytes());
                        chunk.release();
                        LockSupport.parkNanos(1_000_000); // its work
                      }
                    })
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(open(1, 1), true);
      for (int sequence = 1; sequence <= chunks; sequence++) {
        peer.send(Frames.frame(1, sequence, DATA, new byte[CHUNK]), true);
      }
      peer.send(Frames.frame(1, chunks + 1, END, NOTHING), true);

      assertThat(Frames.statusOf(peer.next())).isZero();
      assertThat(bytes).hasValue((long) chunks * CHUNK);
    }
  }

  /**
   * Opens a stream and sends, in one message, more chunks than the server waits for and a call
   * behind them, whose answer tells that it reads no more. Returns the stream's next sequence.
   */
  private static int fillUpToTheMark(WebSocketPeer peer) throws Exception {
    byte[] message = NOTHING;
    int sequence = 1;
    for (int sent = 0; sent <= LIMIT / 4; sent += CHUNK) {
      message = Frames.join(message, Frames.frame(1, sequence++, DATA, new byte[CHUNK]));
    }
    peer.send(open(1, 1), true);
    peer.send(Frames.join(message, Frames.call(3, 3, "echo", "read")), true);
    assertThat(Frames.bodyOf(peer.next())).isEqualTo("read");
    return sequence;
  }

  @Test
  void aReaderThatIsStuckHoldsUpNobodyForLongAndIsNamedWhenItIsFlooded() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    try (RpcServer server =
            server()
                .handleStream(STREAM, (request, response, call) -> stuck.await())
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      int sequence = fillUpToTheMark(peer);
      peer.send(Frames.call(5, 5, "echo", "still there"), true);
      assertThat(Frames.bodyOf(peer.next())).isEqualTo("still there");

      for (int sent = 0; sent <= LIMIT; sent += CHUNK) {
        peer.send(Frames.frame(1, sequence++, DATA, new byte[CHUNK]), true);
      }
      assertThat(Frames.bodyOf(peer.next())).contains("maxStreamBufferedBytes");
      stuck.countDown();
      peer.send(Frames.call(7, 7, "echo", "goes on"), true);
      assertThat(Frames.bodyOf(peer.next())).isEqualTo("goes on");
    }
  }

  @Test
  void aPeerIsNotTakenForSilentWhileNothingIsReadFromIt() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    try (RpcServer server =
            server()
                .limits(
                    limits()
                        .heartbeatInterval(Duration.ofMillis(100))
                        .heartbeatTimeout(Duration.ofMillis(400))
                        .build())
                .handleStream(STREAM, (request, response, call) -> stuck.await())
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      fillUpToTheMark(peer);
      peer.send(Frames.call(5, 5, "echo", "still there"), true);
      assertThat(Frames.bodyOf(peer.next())).isEqualTo("still there");
      stuck.countDown();
    }
  }

  @Test
  void aWriterWhosePeerDoesNotReadWaitsAndGoesOn() throws Exception {
    int chunks = 1024;
    int size = 65_536;
    AtomicLong written = new AtomicLong();
    CompletableFuture<Thread> writer = new CompletableFuture<>();
    try (RpcServer server =
            server()
                .handleStream(
                    STREAM,
                    (request, response, call) -> {
                      writer.complete(Thread.currentThread());
                      for (int i = 0; i < chunks; i++) {
                        response.write(Unpooled.buffer(size).writeZero(size));
                        written.incrementAndGet();
                      }
                    })
                .build()
                .start();
        RawPeer peer = RawPeer.upgrade(server, NOTHING)) {
      peer.send(RawPeer.webSocketFrame(RawPeer.BINARY, open(1, 1)));
      Thread waiting = writer.get(20, SECONDS);
      await().until(() -> waiting.getState() == Thread.State.WAITING);
      assertThat(written.get() * size).as("what waits is bounded").isLessThan(32 << 20);

      assertThat(peer.read(chunks * size)).hasSize(chunks * size);
      await().untilAsserted(() -> assertThat(written).hasValue(chunks));
    }
  }

  @Test
  void theServerStreamsToItsClientAndBack() throws Exception {
    CompletableFuture<String> answered = new CompletableFuture<>();
    try (RpcServer server =
            server()
                .handleStream(
                    STREAM,
                    (request, response, call) -> {
                      StreamMethod clients = StreamMethod.of("clients");
                      try (StreamCall back = call.connection().caller().open(clients)) {
                        back.request()
                            .write(Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8));
                        back.request().end();
                        ByteBuf chunk = back.response().read();
                        answered.complete(chunk.toString(StandardCharsets.UTF_8));
                        chunk.release();
                      }
                    })
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(open(1, 1), true);
      String request = "";
      int requestId = 0;
      while (!request.endsWith("\2")) { // the kind of the End
        byte[] message = peer.next();
        if (request.isEmpty()) {
          requestId = Frames.requestIdOf(message);
        }
        request += new String(message, StandardCharsets.ISO_8859_1);
      }
      assertThat(request).contains("hello");
      byte[] header = Frames.header(1, requestId, MethodId.of("clients"), new byte[] {0});
      byte[] body = "world".getBytes(StandardCharsets.UTF_8);
      peer.send(Frames.frame(3, 0, OPEN, Frames.join(header, body)), true);

      assertThat(answered.get(20, SECONDS)).isEqualTo("world");
      assertThat(Frames.statusOf(peer.next())).isZero();
    }
  }

  @Test
  void aPeerThatVanishesEndsReaderAndCall() throws Exception {
    CompletableFuture<RpcStatus> reader = new CompletableFuture<>();
    CountDownLatch cancelled = new CountDownLatch(1);
    try (RpcServer server =
        server()
            .handleStream(
                STREAM,
                (request, response, call) -> {
                  call.onCancel(cancelled::countDown);
                  response.write(Unpooled.copiedBuffer("ready", StandardCharsets.UTF_8));
                  try {
                    read(request);
                  } catch (RpcException e) {
                    reader.complete(e.status());
                  }
                })
            .build()
            .start()) {
      WebSocketPeer peer = WebSocketPeer.connect(server);
      peer.send(open(1, 1), true);
      peer.next();
      peer.vanish();

      assertThat(reader.get(20, SECONDS)).isEqualTo(RpcStatus.DISCONNECTED);
      assertThat(cancelled.await(20, SECONDS)).isTrue();
    }
  }
}
