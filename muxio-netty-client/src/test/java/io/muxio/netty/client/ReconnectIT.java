package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.ConnectionProbe;
import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client does when its connection is lost, and what becomes of its calls. */
@Timeout(60)
class ReconnectIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> SECOND_TIME =
      RpcMethod.unary("second_time", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> NEVER =
      RpcMethod.unary("never", Codec.utf8(), Codec.utf8());
  private static final ReconnectPolicy AT_ONCE = (attempt, cause) -> Duration.ofMillis(5);

  private final AtomicInteger arrived = new AtomicInteger();
  private final RecordedStates states = new RecordedStates();
  private ServerOnPort server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerOnPort(this::methods);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void methods(RpcServerBuilder builder) {
    builder
        .handle(ECHO, (text, call) -> text)
        .handleAsync(
            NEVER,
            (text, call) -> {
              arrived.incrementAndGet();
              return new CompletableFuture<>();
            })
        .handleAsync(
            SECOND_TIME,
            (text, call) ->
                arrived.incrementAndGet() == 1
                    ? new CompletableFuture<>()
                    : CompletableFuture.completedFuture(text));
  }

  private RpcClientBuilder client() {
    return RpcClient.builder(server.uri()).reconnectPolicy(AT_ONCE).stateListener(states);
  }

  @Test
  void theStatesAreToldInTheirOrder() throws IOException {
    try (RpcClient client = client().connect()) {
      server.restart();
      states.awaitCount(ClientState.CONNECTED, 2);
      assertThat(client.call(ECHO, "again").join()).isEqualTo("again");
    }
    states.awaitCount(ClientState.DISCONNECTED, 1);
    List<ClientState> told = states.all();
    for (int i = 1; i < told.size(); i++) {
      assertThat(told.get(i)).as("after %s", told.subList(0, i)).isIn(after(told.get(i - 1)));
    }
    assertThat(told.get(0)).isEqualTo(ClientState.CONNECTING);
    assertThat(told).endsWith(ClientState.DISCONNECTING, ClientState.DISCONNECTED);
    assertThat(states.causes().get(0))
        .hasMessage("the server takes no more calls: the server closes");
    assertThat(states.threads()).noneMatch(name -> name.startsWith("muxio-client"));
  }

  private static List<ClientState> after(ClientState state) {
    return switch (state) {
      case CONNECTING -> List.of(ClientState.CONNECTED, ClientState.RECONNECTING);
      case CONNECTED -> List.of(ClientState.RECONNECTING, ClientState.DISCONNECTING);
      case RECONNECTING -> List.of(ClientState.CONNECTING);
      case DISCONNECTING -> List.of(ClientState.DISCONNECTED);
      case DISCONNECTED -> List.of();
    };
  }

  @Test
  void aCallThatWasSentFailsWithTheConnection() throws IOException {
    try (RpcClient client = client().connect()) {
      CompletableFuture<String> call = client.call(NEVER, "x");
      await().until(() -> arrived.get() == 1);
      server.restart();
      RpcException failure = Failures.of(call);
      assertThat(failure.status()).isEqualTo(RpcStatus.DISCONNECTED);
      assertThat(failure.mayHaveReachedPeer()).isTrue();
    }
  }

  @Test
  void anIdempotentCallIsSentAgain() throws IOException {
    try (RpcClient client = client().connect()) {
      CompletableFuture<String> call =
          client.call(SECOND_TIME, "x", CallOptions.DEFAULT.idempotent());
      await().until(() -> arrived.get() == 1);
      server.restart();
      assertThat(call.join()).isEqualTo("x");
      assertThat(arrived).hasValue(2);
    }
  }

  @Test
  void anIdempotentCallIsNotSentForEver() throws IOException {
    ClientLimits limits = ClientLimits.builder().maxSends(2).build();
    try (RpcClient client = client().limits(limits).connect()) {
      CompletableFuture<String> call = client.call(NEVER, "x", CallOptions.DEFAULT.idempotent());
      for (int sends = 1; sends <= 2; sends++) {
        int expected = sends;
        await().until(() -> arrived.get() == expected);
        ConnectionProbe.cut(client.connection());
      }
      RpcException failure = Failures.of(call);
      assertThat(failure.status()).isEqualTo(RpcStatus.DISCONNECTED);
      assertThat(failure.mayHaveReachedPeer()).isTrue();
      assertThat(client.call(ECHO, "on").join()).isEqualTo("on");
      assertThat(arrived).hasValue(2);
    }
  }

  @Test
  void handlersAndListenersSurvive() throws IOException {
    RpcMethod<String, String> ask = RpcMethod.unary("ask", Codec.utf8(), Codec.utf8());
    List<RpcConnection> connections = new ArrayList<>();
    try (RpcClient client = client().handle(ask, (text, call) -> "client: " + text).connect()) {
      connections.add(client.connection());
      server.restart();
      await().until(() -> server.server().connections().size() == 1);
      states.awaitCount(ClientState.CONNECTED, 2);
      // Published clients speak first: until then a server cannot tell how to write to them.
      assertThat(client.call(ECHO, "x").join()).isEqualTo("x");
      RpcConnection ofServer = server.server().connections().get(0);
      assertThat(ofServer.caller().call(ask, "hi").join()).isEqualTo("client: hi");
      assertThat(client.connection()).isNotSameAs(connections.get(0));
    }
  }

  @Test
  void aServerThatDropsItsClientsIsAskedLessAndLess() throws IOException {
    server.close();
    ConnectionListener dropping =
        new ConnectionListener() {
          @Override
          public void onConnected(RpcConnection connection) {
            connection.close();
          }
        };
    server = new ServerOnPort(builder -> builder.connectionListener(dropping));
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    ReconnectPolicy policy =
        (attempt, cause) -> {
          attempts.add(attempt);
          return Duration.ofMillis(attempt < 3 ? 300 : 3_600_000);
        };
    RpcClient client = client().reconnectPolicy(policy).connectLater();
    await().until(() -> attempts.size() == 3);
    client.close();
    assertThat(attempts).containsExactly(1, 2, 3);
  }

  @Test
  void attemptsBeginAnewAfterAConnectionThatLasted() throws IOException {
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    ReconnectPolicy policy =
        (attempt, cause) -> {
          attempts.add(attempt);
          return Duration.ofNanos(1);
        };
    try (RpcClient client = client().reconnectPolicy(policy).connect()) {
      for (int round = 1; round <= 3; round++) {
        assertThat(client.call(ECHO, "x", CallOptions.DEFAULT.idempotent()).join()).isEqualTo("x");
        ConnectionProbe.cut(client.connection());
        states.awaitCount(ClientState.CONNECTED, round + 1);
      }
    }
    assertThat(attempts).containsExactly(1, 1, 1);
  }

  @Test
  void thePolicyMayGiveUp() {
    server.stop();
    List<Integer> attempts = new ArrayList<>();
    ReconnectPolicy twice =
        (attempt, cause) -> {
          attempts.add(attempt);
          return attempt > 2 ? null : Duration.ZERO;
        };
    try (RpcClient client = client().reconnectPolicy(twice).connectLater()) {
      RpcException failure = Failures.of(client.call(ECHO, "x"));
      assertThat(failure.status()).isEqualTo(RpcStatus.DISCONNECTED);
      assertThat(failure.detail()).contains("given up", "refused");
      assertThat(client.state()).isEqualTo(ClientState.DISCONNECTED);
      assertThat(attempts).containsExactly(1, 2, 3);
      assertThat(Failures.of(client.call(ECHO, "y")).mayHaveReachedPeer()).isFalse();
    }
    assertThat(states.count(ClientState.DISCONNECTED)).isEqualTo(1);
  }

  @Test
  void aPolicyThatFailsIsTheEnd() {
    server.stop();
    ReconnectPolicy broken =
        (attempt, cause) -> {
          throw new IllegalStateException("broken");
        };
    try (RpcClient client = client().reconnectPolicy(broken).connectLater()) {
      assertThat(Failures.of(client.call(ECHO, "x")).status()).isEqualTo(RpcStatus.DISCONNECTED);
    }
  }
}
