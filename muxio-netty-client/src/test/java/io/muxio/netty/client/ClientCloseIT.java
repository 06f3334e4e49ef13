package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that is closed, whatever it is doing, leaves no call and no thread behind. */
@Timeout(60)
class ClientCloseIT {
  private static final RpcMethod<String, String> SLOW =
      RpcMethod.unary("slow", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> NEVER =
      RpcMethod.unary("never", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> ASK =
      RpcMethod.unary("ask", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> OF_THE_CLIENT =
      RpcMethod.unary("of_the_client", Codec.utf8(), Codec.utf8());
  private static final ClientLimits IMPATIENT =
      ClientLimits.builder()
          .drainTimeout(Duration.ofMillis(50))
          .closeTimeout(Duration.ofMillis(200))
          .build();

  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CompletableFuture<String> slowAnswer = new CompletableFuture<>();
  private final RecordedStates states = new RecordedStates();

  private void methods(RpcServerBuilder builder) {
    builder
        .handleAsync(
            SLOW,
            (text, call) -> {
              arrived.countDown();
              return slowAnswer;
            })
        .handleAsync(
            NEVER,
            (text, call) -> {
              arrived.countDown();
              return new CompletableFuture<>();
            })
        .handleAsync(ASK, (text, call) -> call.connection().caller().call(OF_THE_CLIENT, text));
  }

  @AfterEach
  void noThreadIsLeft() {
    await().until(() -> noneStartsWith("muxio-"));
  }

  /** A thread that has ended its work is there a moment longer. */
  private static void assertNoClientThread() {
    await().until(() -> noneStartsWith("muxio-client"));
  }

  private static boolean noneStartsWith(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith(name));
  }

  private static void assertClosed(RpcClient client, CompletableFuture<?> pending) {
    assertThat(client.state()).isEqualTo(ClientState.DISCONNECTED);
    assertThat(pending).isCompletedExceptionally();
    assertThat(Failures.of(pending).status()).isEqualTo(RpcStatus.DISCONNECTED);
    RpcException late = Failures.of(client.call(NEVER, "late", CallOptions.DEFAULT.idempotent()));
    assertThat(late.status()).isEqualTo(RpcStatus.DISCONNECTED);
    assertThat(late.detail()).isEqualTo("the client is closed");
    assertThat(late.mayHaveReachedPeer()).isFalse();
    assertNoClientThread();
    client.close();
  }

  @Test
  void whileItShakesHands() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      RpcClient client =
          RpcClient.builder("ws://127.0.0.1:" + silent.getLocalPort() + "/ws")
              .stateListener(states)
              .connectLater();
      CompletableFuture<String> waiting = client.call(NEVER, "x");
      try (Socket accepted = silent.accept()) {
        client.close();
        assertClosed(client, waiting);
        accepted.getInputStream().readAllBytes(); // ends: the client has closed its socket
      }
    }
    assertThat(states.all()).containsExactly(ClientState.CONNECTING, ClientState.DISCONNECTED);
  }

  /** Nobody can end a lookup, so nobody waits for it. */
  @Test
  void whileItsNameIsLookedUp() throws Exception {
    CountDownLatch looking = new CountDownLatch(1);
    CountDownLatch found = new CountDownLatch(1);
    RpcClient client =
        RpcClient.builder("ws://server.example/ws")
            .resolver(
                host -> {
                  looking.countDown();
                  awaitQuietly(found);
                  throw new UnknownHostException(host);
                })
            .connectLater();
    CompletableFuture<String> waiting = client.call(NEVER, "x");
    looking.await();
    client.close();
    assertClosed(client, waiting);
    assertThat(noneStartsWith("muxio-callback")).isTrue();
    assertThat(noneStartsWith("muxio-lookup")).isFalse();
    found.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whileItWaitsForTheNextAttempt() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    RpcClient client =
        RpcClient.builder("ws://127.0.0.1:" + port + "/ws")
            .reconnectPolicy((attempt, cause) -> Duration.ofHours(1))
            .stateListener(states)
            .connectLater();
    CompletableFuture<String> waiting = client.call(NEVER, "x");
    StreamCall stream = client.open(StreamMethod.of("stream"));
    states.awaitCount(ClientState.RECONNECTING, 1);
    client.close();
    assertClosed(client, waiting);
    RpcException failure = catchThrowableOfType(RpcException.class, () -> stream.response().read());
    assertThat(failure.status()).isEqualTo(RpcStatus.DISCONNECTED);
    assertThat(failure.detail()).isEqualTo("the client is closed");
  }

  @Test
  void whenItHasGivenUp() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    RpcClient client =
        RpcClient.builder("ws://127.0.0.1:" + port + "/ws")
            .reconnectPolicy((attempt, cause) -> null)
            .stateListener(states)
            .connectLater();
    states.awaitCount(ClientState.DISCONNECTED, 1);
    client.close();
    assertThat(states.count(ClientState.DISCONNECTED)).isEqualTo(1);
    assertNoClientThread();
  }

  @Test
  void whileACallRunsThatEndsInTime() throws Exception {
    try (ServerOnPort server = new ServerOnPort(this::methods)) {
      RpcClient client = RpcClient.builder(server.uri()).stateListener(states).connect();
      CompletableFuture<String> call = client.call(SLOW, "x");
      arrived.await();
      CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
      states.awaitCount(ClientState.DISCONNECTING, 1);
      assertThat(Failures.of(client.call(SLOW, "late")).detail()).isEqualTo("the client is closed");
      slowAnswer.complete("in time");
      assertThat(call.join()).isEqualTo("in time");
      closing.join();
      assertNoClientThread();
      await().until(() -> server.server().connections().isEmpty());
    }
  }

  @Test
  void whileACallRunsThatDoesNotEnd() throws Exception {
    try (ServerOnPort server = new ServerOnPort(this::methods)) {
      RpcClient client = RpcClient.builder(server.uri()).limits(IMPATIENT).connect();
      CompletableFuture<String> call = client.call(NEVER, "x", CallOptions.DEFAULT.idempotent());
      arrived.await();
      client.close();
      assertClosed(client, call);
      assertThat(Failures.of(call).mayHaveReachedPeer()).isTrue();
    }
  }

  @Test
  void whileAHandlerOfItsOwnBlocks() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    try (ServerOnPort server = new ServerOnPort(this::methods)) {
      RpcClient client =
          RpcClient.builder(server.uri())
              .limits(IMPATIENT)
              .handle(
                  OF_THE_CLIENT,
                  (text, call) -> {
                    running.countDown();
                    try {
                      new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                      interrupted.countDown();
                    }
                    return text;
                  })
              .connect();
      CompletableFuture<String> call = client.call(ASK, "x");
      running.await();
      client.close();
      assertClosed(client, call);
      interrupted.await();
    }
  }

  @Test
  void atAnyMomentWhileItReconnects() throws Exception {
    try (ServerOnPort server = new ServerOnPort(this::methods)) {
      for (int i = 0; i < 20; i++) {
        RpcClient client =
            RpcClient.builder(server.uri())
                .limits(IMPATIENT)
                .reconnectPolicy((attempt, cause) -> Duration.ZERO)
                .connectLater();
        CompletableFuture<String> call = client.call(NEVER, "x");
        server.restart();
        client.close();
        assertClosed(client, call);
      }
    }
  }
}
