package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Handlers that call their client back, which calls them again before it answers, with a limit so
 * small that everybody runs into it: every call of several clients ends, with its answer or with a
 * status that names the limit, or its connection with a close that does.
 */
class TinyLimitsIT {
  private static final int CLIENTS = 6;
  private static final int STREAMS = 3;

  /** With the streams, and of all clients, fewer than the handler pool of Java 17 has threads. */
  private static final int CALLS = 60;

  private static final int SECONDS = 60;

  private static final RpcMethod<String, String> ASK =
      RpcMethod.unary("ask", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> OF_THE_CLIENT =
      RpcMethod.unary("of_the_client", Codec.utf8(), Codec.utf8());
  private static final StreamMethod ASK_FOR_EACH = StreamMethod.of("ask_for_each");

  @SuppressWarnings("ImmutableEnumChecker") // the lambdas hold no state
  private enum Tiny {
    INBOUND_CALLS("calls at once on this connection", limits -> limits.maxInboundCalls(3)),
    ONE_INBOUND_CALL("calls at once on this connection", limits -> limits.maxInboundCalls(1)),
    CALLS_OF_ALL("calls at once on all connections together", limits -> limits.maxCalls(4)),
    PENDING_CALLS("calls wait for an answer", limits -> limits.maxPendingCalls(2)),
    STREAMS("inbound streams at once", limits -> limits.maxStreams(2)),
    BUFFERS("connection buffers full", limits -> limits.maxBufferedBytes(2_000)),
    CHUNKS("maxStreamBufferedBytes", limits -> limits.maxStreamBufferedBytes(4_000)),
    REQUESTS("maxRequestSize", limits -> limits.maxRequestSize(3)),
    ANSWERS("maxResponseSize", limits -> limits.maxResponseSize(3)),
    THREADS("callTimeout", limits -> limits.callTimeout(Duration.ofSeconds(1)));

    private final String named;
    private final UnaryOperator<ServerLimits.Builder> limit;

    Tiny(String named, UnaryOperator<ServerLimits.Builder> limit) {
      this.named = named;
      this.limit = limit;
    }
  }

  private final ServerLog log = ServerLog.record();
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final ExecutorService twoThreads = Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    log.close();
    clients.shutdownNow();
    twoThreads.shutdownNow();
  }

  private static String ask(String text, CallContext call) {
    return call.connection().caller().call(OF_THE_CLIENT, text).join();
  }

  private RpcServer start(Tiny tiny) throws Exception {
    RpcServerBuilder builder =
        RpcServer.builder()
            .bind("127.0.0.1", 0)
            .exposeErrors(true)
            .limits(
                tiny.limit
                    .apply(ServerLimits.builder().readerTimeout(Duration.ofMillis(50)))
                    .drainTimeout(Duration.ofMillis(100))
                    .build())
            .handle(ECHO, (text, call) -> text)
            .handle(ASK, TinyLimitsIT::ask)
            .handleStream(
                ASK_FOR_EACH,
                (request, response, call) -> {
                  for (ByteBuf chunk = request.read(); chunk != null; chunk = request.read()) {
                    String text = chunk.toString(StandardCharsets.UTF_8);
                    chunk.release();
                    byte[] answer = ask(text, call).getBytes(StandardCharsets.UTF_8);
                    response.write(Unpooled.wrappedBuffer(answer));
                  }
                });
    if (tiny == Tiny.THREADS) {
      builder.handlerExecutor(twoThreads); // all of which wait for what none is left to do
    }
    return builder.build().start();
  }

  @ParameterizedTest
  @EnumSource
  void everythingEnds(Tiny tiny) throws Exception {
    try (RpcServer server = start(tiny)) {
      List<AskedClient> asked = new ArrayList<>();
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        AskedClient client = new AskedClient(server, CALLS, tiny == Tiny.THREADS ? 0 : STREAMS);
        asked.add(client);
        ends.add(clients.submit(client::run));
      }
      for (Future<?> end : ends) {
        end.get(SECONDS, TimeUnit.SECONDS);
      }

      List<String> failures = asked.stream().flatMap(client -> client.failures().stream()).toList();
      assertThat(failures)
          .as("what names the limit")
          .isNotEmpty()
          // A call that a handler makes has no more time than its own.
          .allSatisfy(failure -> assertThat(failure).containsAnyOf(tiny.named, "being served"))
          .anySatisfy(failure -> assertThat(failure).contains(tiny.named));
      if (tiny != Tiny.STREAMS && tiny != Tiny.THREADS) {
        assertThat(asked.stream().mapToInt(AskedClient::successes).sum())
            .as("answers")
            .isPositive();
      }
      try (RawPeer peer = RawPeer.upgrade(server)) {
        peer.sendBinary(Frames.call(0, 0, "echo", "x"));
        assertThat(Frames.bodyOf(peer.next())).isEqualTo("x");
      }
    }
  }
}
