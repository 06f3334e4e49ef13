package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
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
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  private static final StreamMethod STREAM_ECHO = StreamMethod.of("stream.echo");
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
                    : CompletableFuture.completedFuture(text))
        .handleStreamAsync(STREAM_ECHO, (request, call) -> request);
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
    assertThat(states.causes().get(0)).hasMessageContaining("closed by the peer");
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
  void callsAndStreamsWaitForTheConnection() throws Exception {
    server.stop();
    try (RpcClient client = client().connectLater()) {
      CompletableFuture<String> call = client.call(ECHO, "early");
      StreamCall stream = client.open(STREAM_ECHO);
      stream.request().writeAsync(text("1"));
      stream.request().writeAsync(text("2"));
      CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> readAll(stream));
      stream.request().end();
      states.awaitCount(ClientState.RECONNECTING, 2);
      assertThat(call).isNotDone();
      server.start();
      assertThat(call.join()).isEqualTo("early");
      assertThat(answer.join()).isEqualTo("12");
    }
  }

  @Test
  void aCallThatWaitsEndsAtItsDeadline() {
    server.stop();
    try (RpcClient client = client().connectLater()) {
      CallOptions options = CallOptions.deadline(Duration.ofMillis(100));
      StreamCall stream = client.open(STREAM_ECHO, new byte[0], options);
      RpcException failure = Failures.of(client.call(ECHO, "x", options));
      assertThat(failure.status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
      assertThat(failure.detail()).contains("no connection within PT0.1S", "refused");
      assertThat(failure.mayHaveReachedPeer()).isFalse();
      RpcException ofStream =
          catchThrowableOfType(RpcException.class, () -> stream.response().read());
      assertThat(ofStream.status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
      assertThat(ofStream.mayHaveReachedPeer()).isFalse();
    }
  }

  @Test
  void aCallThatDoesNotWaitFailsAtOnce() {
    server.stop();
    try (RpcClient client = client().connectLater()) {
      states.awaitCount(ClientState.RECONNECTING, 1);
      RpcException failure = Failures.of(client.call(ECHO, "x", CallOptions.DEFAULT.failFast()));
      assertThat(failure.status()).isEqualTo(RpcStatus.DISCONNECTED);
      assertThat(failure.detail()).contains("not connected", "refused");
      assertThat(failure.mayHaveReachedPeer()).isFalse();
    }
  }

  @Test
  void oneWaitingCallTooManyIsRejected() {
    server.stop();
    ClientLimits limits = ClientLimits.builder().maxWaitingCalls(2).build();
    try (RpcClient client = client().limits(limits).connectLater()) {
      CompletableFuture<String> first = client.call(ECHO, "1");
      CompletableFuture<String> second = client.call(ECHO, "2");
      RpcException failure = Failures.of(client.call(ECHO, "3"));
      assertThat(failure.status()).isEqualTo(RpcStatus.REJECTED);
      assertThat(failure.detail()).contains("limit 2 (maxWaitingCalls)");
      first.cancel(false);
      assertThat(second).isNotDone();
      CompletableFuture<String> inItsPlace = client.call(ECHO, "4");
      assertThat(Failures.of(client.call(ECHO, "5")).status()).isEqualTo(RpcStatus.REJECTED);
      assertThat(inItsPlace).isNotDone();
    }
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
  void aStreamThatWaitsCanBeCancelled() {
    server.stop();
    ClientLimits limits = ClientLimits.builder().maxWaitingCalls(1).build();
    try (RpcClient client = client().limits(limits).connectLater()) {
      StreamCall stream = client.open(STREAM_ECHO);
      CompletableFuture<Void> written = stream.request().writeAsync(text("never sent"));
      stream.cancel();
      assertThat(Failures.of(written).status()).isEqualTo(RpcStatus.CANCELLED);
      RpcException failure =
          catchThrowableOfType(RpcException.class, () -> stream.response().read());
      assertThat(failure.status()).isEqualTo(RpcStatus.CANCELLED);
      CompletableFuture<String> inItsPlace = client.call(ECHO, "x");
      assertThat(Failures.of(client.call(ECHO, "y")).status()).isEqualTo(RpcStatus.REJECTED);
      assertThat(inItsPlace).isNotDone();
    }
  }

  @Test
  void aStreamThatWaitsTakesOnlySoMuch() {
    server.stop();
    try (RpcClient client = client().connectLater()) {
      StreamCall stream = client.open(STREAM_ECHO);
      List<CompletableFuture<Void>> written = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        written.add(stream.request().writeAsync(Unpooled.buffer().writeZero(1 << 20)));
      }
      for (CompletableFuture<Void> chunk : written) {
        assertThat(Failures.of(chunk).status()).isEqualTo(RpcStatus.REJECTED);
      }
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

  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  private static String readAll(StreamCall call) {
    StringBuilder all = new StringBuilder();
    try {
      for (ByteBuf chunk = call.response().read(); chunk != null; chunk = call.response().read()) {
        all.append(chunk.toString(StandardCharsets.UTF_8));
        chunk.release();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return all.toString();
  }
}
