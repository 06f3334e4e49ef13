package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Thousands of connections that come and go, in every way, leave nothing behind: no connection, no
 * call of either direction, no handler, no timer, no byte of direct memory, no file descriptor, and
 * no thread.
 */
class ChurnIT {
  private static final int CONNECTIONS = 10_000;
  private static final int VANISHING = 1_000;
  private static final int CLIENT_THREADS = 8;

  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> ASK =
      RpcMethod.unary("ask", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> OF_THE_CLIENT =
      RpcMethod.unary("of_the_client", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM = StreamMethod.of("stream");

  private final PooledByteBufAllocator memory = new PooledByteBufAllocator(true);
  private final RecordedEvents events = new RecordedEvents();
  private final Queue<CompletableFuture<String>> callsToClients = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger toldOfTheirEnd = new AtomicInteger();
  private final AtomicInteger streaming = new AtomicInteger();
  private final AtomicInteger streamed = new AtomicInteger();
  private final List<String> threadsBefore = threads();
  private final long descriptorsBefore = descriptors();

  private CountingLoops loops;
  private RpcServer server;
  private Channel listener;
  private int port;
  private long descriptorsIdle;

  @BeforeEach
  void start() throws Exception {
    loops = new CountingLoops(2);
    server =
        RpcServer.builder()
            .connectionListener(events)
            .limits(
                ServerLimits.builder()
                    .heartbeatInterval(Duration.ofSeconds(1))
                    .heartbeatTimeout(Duration.ofSeconds(3))
                    .callTimeout(Duration.ofMinutes(5))
                    .idleTimeout(Duration.ofMinutes(5))
                    .drainTimeout(Duration.ofSeconds(1))
                    .closeTimeout(Duration.ofMillis(500))
                    .build())
            .handle(ECHO, (text, call) -> text)
            .handleAsync(ASK, this::ask)
            .handleStream(
                STREAM,
                (request, response, call) -> {
                  streaming.incrementAndGet();
                  try {
                    for (var chunk = request.read(); chunk != null; chunk = request.read()) {
                      response.write(chunk);
                    }
                  } finally {
                    streamed.incrementAndGet();
                  }
                })
            .build();
    listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.ALLOCATOR, memory)
            .childHandler(server.channelInitializer())
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    port = ((InetSocketAddress) listener.localAddress()).getPort();
    loops.hasTimers(); // starts them
    descriptorsIdle = descriptors();
  }

  /** Asks the client back, which never answers; so neither is this call answered. */
  private CompletableFuture<String> ask(String text, CallContext call) {
    CompletableFuture<String> answer = call.connection().caller().call(OF_THE_CLIENT, text);
    callsToClients.add(answer);
    call.onCancel(toldOfTheirEnd::incrementAndGet);
    asked.incrementAndGet();
    return answer;
  }

  @AfterEach
  void leavesNoThreadAndNoDescriptor() throws Exception {
    listener.close().sync();
    server.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    await().untilAsserted(() -> assertThat(threads()).isSubsetOf(threadsBefore));
    await().until(() -> descriptors() <= descriptorsBefore + 10); // of classes that were loaded
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("muxio-") || name.startsWith("counting"))
        .toList();
  }

  private static long descriptors() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }

  private void assertNothingIsLeft() {
    Duration atMost = Duration.ofSeconds(20);
    await().atMost(atMost).until(() -> server.connections().isEmpty());
    await().atMost(atMost).until(() -> callsToClients.stream().allMatch(CompletableFuture::isDone));
    assertThat(callsToClients).hasSize(asked.get()).allMatch(Future::isDone);
    await().atMost(atMost).untilAsserted(() -> assertThat(toldOfTheirEnd).hasValue(asked.get()));
    await().atMost(atMost).untilAsserted(() -> assertThat(streamed).hasValue(streaming.get()));
    await().atMost(atMost).until(() -> !loops.hasTimers());
    await().atMost(atMost).untilAsserted(() -> assertThat(memory.pinnedDirectMemory()).isZero());
    assertThat(memory.pinnedHeapMemory()).isZero();
    await()
        .atMost(atMost)
        .untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(descriptorsIdle));
    await()
        .atMost(atMost)
        .until(
            () -> events.all().stream().allMatch(of -> of.contains(RecordedEvents.DISCONNECTED)));
  }

  @Test
  void tenThousandThatComeAndGo() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENT_THREADS);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int thread = 0; thread < CLIENT_THREADS; thread++) {
        ends.add(
            clients.submit(
                () -> {
                  for (int i = 0; i < CONNECTIONS / CLIENT_THREADS; i++) {
                    comeAndGo(i);
                  }
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get(60, TimeUnit.SECONDS);
      }
    } finally {
      clients.shutdownNow();
    }

    assertNothingIsLeft();
    assertThat(events.all()).hasSize(CONNECTIONS);
    assertThat(asked.get()).as("calls to clients").isGreaterThanOrEqualTo(CONNECTIONS / 10);
    assertThat(streaming.get()).as("streams").isGreaterThanOrEqualTo(CONNECTIONS / 10);
  }

  /** In ten ways, three of which leave in the middle of the handshake or before. */
  private void comeAndGo(int way) throws Exception {
    try (RawPeer peer = RawPeer.connect(port)) {
      switch (way % 10) {
        case 0 -> peer.send(Arrays.copyOf(RawPeer.upgradeRequest(), 60));
        case 1 -> peer.send(RawPeer.upgradeRequest());
        case 2 -> {}
        case 3 -> {
          peer.upgrade(new byte[0]);
          ask(peer);
        }
        case 4 -> {
          peer.upgrade(new byte[0]);
          ask(peer);
          peer.reset();
        }
        case 5 -> {
          peer.upgrade(new byte[0]);
          stream(peer);
        }
        case 6 -> {
          peer.upgrade(new byte[0]);
          stream(peer);
          ask(peer);
          peer.send(RawPeer.webSocketFrame(RawPeer.CLOSE, new byte[] {3, (byte) 0xe8}));
          peer.readClose(1000);
        }
        case 7 -> {
          peer.upgrade(new byte[0]);
          byte[] call = RawPeer.webSocketFrame(RawPeer.BINARY, Frames.call(0, 0, "echo", "half"));
          peer.send(Arrays.copyOf(call, call.length / 2));
        }
        default -> {
          peer.upgrade(new byte[0]);
          peer.sendBinary(Frames.call(0, 0, "echo", "hello"), Frames.call(1, 1, "echo", "hello"));
          peer.next();
          peer.send(RawPeer.webSocketFrame(RawPeer.CLOSE, new byte[] {3, (byte) 0xe8}));
          peer.readClose(1000);
        }
      }
    }
  }

  /** Waits for the server's question, so that both calls are pending. */
  private static void ask(RawPeer peer) throws Exception {
    peer.sendBinary(Frames.call(8, 8, "ask", "what?"));
    byte[] question = AnswerSplitter.split(peer.next()).get(0);
    assertThat(question[13]).as("type of the header").isZero();
  }

  /** Waits for the first chunk, so that both streams are open. */
  private static void stream(RawPeer peer) throws Exception {
    byte[] header = Frames.header(0, 9, STREAM.id(), new byte[0]);
    peer.sendBinary(Frames.frame(9, 0, 0, Frames.join(header, new byte[1000])));
    peer.next();
    peer.sendBinary(Frames.frame(9, 1, 1, new byte[1000]));
    peer.next();
  }

  private static void showLife(List<RawPeer> peers) throws Exception {
    byte[] pong = RawPeer.webSocketFrame(RawPeer.PONG, new byte[0]);
    for (RawPeer peer : peers) {
      peer.send(pong);
    }
  }

  @Test
  void oneThousandThatVanishWithoutAWord() throws Exception {
    List<RawPeer> peers = new ArrayList<>();
    try (SilentProxy proxy = new SilentProxy(listener.localAddress());
        RawPeer stays = RawPeer.upgrade(port, new byte[0])) {
      peers.add(stays);
      long descriptorsOfTheProxy = descriptors();
      for (int i = 0; i < VANISHING; i++) {
        if (i % 100 == 0) {
          showLife(peers);
        }
        RawPeer peer = RawPeer.upgrade(proxy.port(), new byte[0]);
        peers.add(peer);
        if (i % 2 == 0) {
          ask(peer);
        } else {
          stream(peer);
        }
      }
      showLife(peers);
      assertThat(server.connections().size()).isEqualTo(1 + VANISHING);
      proxy.goSilent();

      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                stays.sendBinary(Frames.call(0, 0, "echo", "still here"));
                assertThat(Frames.bodyOf(stays.next())).isEqualTo("still here");
                return server.connections().size() == 1;
              });
      // Three ends of each are not the server's.
      await().until(() -> descriptors() <= descriptorsOfTheProxy + 3 * VANISHING);
      for (RawPeer peer : peers) {
        peer.close(); // the one that stays too
      }
    }
    assertNothingIsLeft();
    assertThat(asked).hasValue(VANISHING / 2);
    assertThat(streaming).hasValue(VANISHING / 2);
  }
}
