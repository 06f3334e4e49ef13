package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose server closes, and says so while calls run. */
@Timeout(60)
class GoAwayIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> HELD =
      RpcMethod.unary("held", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> OF_CLIENT =
      RpcMethod.unary("of_client", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM = StreamMethod.of("stream");

  private final CompletableFuture<RpcConnection> held = new CompletableFuture<>();
  private final CompletableFuture<String> release = new CompletableFuture<>();
  private final RecordedStates states = new RecordedStates();
  private RollingServer server;

  @BeforeEach
  void start() throws IOException {
    server = new RollingServer(this::methods);
  }

  @AfterEach
  void stop() {
    release.complete("the test is over");
    server.close();
  }

  private void methods(RpcServerBuilder builder) {
    builder
        .handle(ECHO, (text, call) -> text)
        .handleAsync(
            HELD,
            (text, call) -> {
              held.complete(call.connection());
              return release;
            });
  }

  private RpcClientBuilder client() {
    return RpcClient.builder(server.uri())
        .reconnectPolicy((attempt, cause) -> Duration.ofMillis(5))
        .handle(OF_CLIENT, (text, call) -> "client: " + text)
        .stateListener(states);
  }

  @Test
  void newCallsGoToTheNewConnectionWhileOldOnesAreAnsweredOnTheirs() throws IOException {
    try (RpcClient client = client().connect()) {
      RpcConnection old = client.connection();
      CompletableFuture<String> running = client.call(HELD, "x");
      held.join();
      CompletableFuture<Void> closed = server.replace();
      states.awaitCount(ClientState.CONNECTED, 2);
      assertThat(client.call(ECHO, "new").join()).isEqualTo("new");
      assertThat(client.connection()).isNotSameAs(old);
      assertThat(old.state()).isEqualTo(ConnectionState.CONNECTED);
      assertThat(running).isNotDone();
      assertThat(closed).isNotDone();

      release.complete("finished");
      assertThat(running.join()).isEqualTo("finished");
      closed.join();
      await().until(() -> old.state() == ConnectionState.DISCONNECTED);
      assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
      assertThat(states.causes().get(0))
          .hasMessage("the server takes no more calls: the server closes");
    }
  }

  @Test
  void theServerMayCallOnTheOldConnectionUntilItIsDone() throws IOException {
    try (RpcClient client = client().connect()) {
      CompletableFuture<String> running = client.call(HELD, "x");
      RpcConnection ofServer = held.join();
      server.replace();
      states.awaitCount(ClientState.CONNECTED, 2);
      assertThat(ofServer.caller().call(OF_CLIENT, "hi").join()).isEqualTo("client: hi");
      release.complete("finished");
      assertThat(running.join()).isEqualTo("finished");
    }
  }

  @Test
  void newCallsWaitWhereNoNewServerComes() throws IOException {
    try (RpcClient client = client().connect()) {
      CompletableFuture<String> running = client.call(HELD, "x");
      held.join();
      server.closeLater();
      await().until(() -> client.connection() == null);
      RpcException late =
          Failures.of(client.call(ECHO, "y", CallOptions.deadline(Duration.ofMillis(100))));
      assertThat(late.status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
      assertThat(late.mayHaveReachedPeer()).isFalse();
      RpcException atOnce = Failures.of(client.call(ECHO, "z", CallOptions.DEFAULT.failFast()));
      assertThat(atOnce.status()).isEqualTo(RpcStatus.DISCONNECTED);
      assertThat(atOnce.mayHaveReachedPeer()).isFalse();

      release.complete("finished");
      assertThat(running.join()).isEqualTo("finished");
    }
  }

  @Test
  void closeWaitsForTheCallsOfBothConnections() throws Exception {
    RpcClient client = client().connect();
    RpcConnection old = client.connection();
    CompletableFuture<String> running = client.call(HELD, "old");
    held.join();
    server.replace();
    states.awaitCount(ClientState.CONNECTED, 2);
    RpcConnection next = client.connection();
    CompletableFuture<String> runningToo = client.call(HELD, "new");
    CompletableFuture<Void> closed = CompletableFuture.runAsync(client::close, this::thread);
    states.awaitCount(ClientState.DISCONNECTING, 1);
    assertThat(closed).isNotDone();
    release.complete("finished");
    closed.join();
    assertThat(running.join()).isEqualTo("finished");
    assertThat(runningToo.join()).isEqualTo("finished");
    assertThat(old.state()).isEqualTo(ConnectionState.DISCONNECTED);
    assertThat(next.state()).isEqualTo(ConnectionState.DISCONNECTED);
    assertThat(states.all()).endsWith(ClientState.DISCONNECTING, ClientState.DISCONNECTED);
  }

  @Test
  void closeWaitsForTheCallsOfAServerThatClosesWhereThereIsNoOther() throws Exception {
    RpcClient client = client().connect();
    CompletableFuture<String> running = client.call(HELD, "old");
    held.join();
    server.closeLater();
    states.awaitCount(ClientState.RECONNECTING, 2);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(client::close, this::thread);
    states.awaitCount(ClientState.DISCONNECTING, 1);
    release.complete("finished");
    closed.join();
    assertThat(running.join()).isEqualTo("finished");
    assertThat(client.state()).isEqualTo(ClientState.DISCONNECTED);
  }

  private void thread(Runnable task) {
    new Thread(task, "test").start();
  }

  @Test
  void aServerThatNeverAnswersIsLeftAfterTheDrainTimeout() throws IOException {
    ClientLimits limits = ClientLimits.builder().drainTimeout(Duration.ofMillis(100)).build();
    try (RpcClient client = client().limits(limits).connect()) {
      CompletableFuture<String> running = client.call(HELD, "x");
      held.join();
      server.replace();
      RpcException failure = Failures.of(running);
      assertThat(failure.status()).isEqualTo(RpcStatus.DISCONNECTED);
      assertThat(failure.mayHaveReachedPeer()).isTrue();
      assertThat(client.call(ECHO, "new").join()).isEqualTo("new");
      assertThat(states.count(ClientState.CONNECTED)).isEqualTo(2);
    }
  }

  @Test
  void aPolicyThatGivesUpIsHeard() throws IOException {
    try (RpcClient client = client().reconnectPolicy((attempt, cause) -> null).connect()) {
      CompletableFuture<String> running = client.call(HELD, "x");
      held.join();
      server.replace();
      states.awaitCount(ClientState.DISCONNECTED, 1);
      assertThat(Failures.of(client.call(ECHO, "y")).detail()).contains("given up");
      release.complete("finished");
      assertThat(running.join()).isEqualTo("finished");
    }
  }

  @Test
  void aCallThatWasOnItsWayIsSentAgain() throws IOException {
    try (RefusingServer refusing = new RefusingServer(2);
        RpcClient client = RpcClient.connect(refusing.uri())) {
      assertThat(client.call(ECHO, "x").join()).isEqualTo("done");
      assertThat(refusing.refused()).isEqualTo(2);
    }
  }

  @Test
  void aCallThatWasOnItsWayIsNotSentForEver() throws IOException {
    ClientLimits limits = ClientLimits.builder().maxSends(3).build();
    try (RefusingServer refusing = new RefusingServer(Integer.MAX_VALUE);
        RpcClient client = RpcClient.builder(refusing.uri()).limits(limits).connect()) {
      RpcException failure = Failures.of(client.call(ECHO, "x"));
      assertThat(failure.status()).isEqualTo(RpcStatus.OVERLOADED);
      assertThat(failure.detail()).isEqualTo("the server closes");
      assertThat(failure.mayHaveReachedPeer()).isFalse();
      assertThat(refusing.refused()).isEqualTo(3);
    }
  }

  @Test
  void aStreamThatWasOnItsWayFailsAndMayBeOpenedAgain() throws IOException {
    try (RefusingServer refusing = new RefusingServer(1);
        RpcClient client = RpcClient.connect(refusing.uri())) {
      RpcException failure = Failures.of(client.open(STREAM).ended().toCompletableFuture());
      assertThat(failure.status()).isEqualTo(RpcStatus.OVERLOADED);
      assertThat(failure.mayHaveReachedPeer()).isFalse();
      try (StreamCall again = client.open(STREAM)) {
        assertThat(again.ended().toCompletableFuture().join()).isNull();
      }
    }
  }

  @Test
  void withoutTheExtensionACallThatRunsEndsWithItsServerAsEver() throws IOException {
    try (RpcClient client = client().extension(false).connect()) {
      RpcConnection old = client.connection();
      CompletableFuture<String> running = client.call(HELD, "x");
      held.join();
      server.replace();
      assertThat(client.connection()).isSameAs(old);
      release.complete("finished");
      assertThat(running.join()).isEqualTo("finished");
      states.awaitCount(ClientState.CONNECTED, 2);
      assertThat(states.causes().get(0)).hasMessageContaining("closed by the peer");
    }
  }
}
