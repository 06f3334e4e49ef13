package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that cuts, delays, resets and stalls: it is found out, and the client goes on. */
@Timeout(60)
class BadNetworkIT {
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> NEVER =
      RpcMethod.unary("never", Codec.bytes(), Codec.bytes());
  private static final CallOptions IN_TIME = CallOptions.deadline(Duration.ofSeconds(20));

  private final AtomicInteger arrived = new AtomicInteger();
  private final RecordedStates states = new RecordedStates();
  private ServerOnPort server;
  private BadNetwork network;

  @BeforeEach
  void start() throws IOException {
    server = new ServerOnPort(this::methods);
    network = new BadNetwork(server.server().address());
  }

  @AfterEach
  void stop() {
    network.close();
    server.close();
  }

  private void methods(RpcServerBuilder builder) {
    builder
        .handle(ECHO, (bytes, call) -> bytes)
        .handleAsync(
            NEVER,
            (bytes, call) -> {
              arrived.incrementAndGet();
              return new CompletableFuture<>();
            });
  }

  private RpcClient connect() throws IOException {
    return RpcClient.builder(network.uri())
        .limits(
            ClientLimits.builder()
                .heartbeatInterval(Duration.ofMillis(50))
                .heartbeatTimeout(Duration.ofMillis(300))
                .closeTimeout(Duration.ofMillis(100))
                .build())
        .reconnectPolicy((attempt, cause) -> Duration.ofMillis(5))
        .stateListener(states)
        .connect();
  }

  private static byte[] pattern(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + seed);
    }
    return bytes;
  }

  private void assertReconnected(RpcClient client) {
    states.awaitCount(ClientState.CONNECTED, 2);
    assertThat(states.all())
        .startsWith(
            ClientState.CONNECTING,
            ClientState.CONNECTED,
            ClientState.RECONNECTING,
            ClientState.CONNECTING);
    byte[] after = pattern(100_000, 7);
    assertThat(client.call(ECHO, after, IN_TIME).join()).isEqualTo(after);
  }

  @Test
  void aNetworkThatStallsIsFoundOut() throws Exception {
    try (RpcClient client = connect()) {
      CompletableFuture<byte[]> call = client.call(NEVER, pattern(100, 0), IN_TIME);
      await().until(() -> arrived.get() == 1);
      network.stall();
      RpcException failure = Failures.of(call);
      assertThat(failure.status()).isEqualTo(RpcStatus.DISCONNECTED);
      assertThat(failure.detail()).contains("nothing came from the peer for PT0.3S");
      assertReconnected(client);
      assertThat(states.causes().get(0)).hasMessage(failure.detail());
    }
  }

  @Test
  void anIdempotentCallOutlivesACut() throws Exception {
    try (RpcClient client = connect()) {
      CompletableFuture<byte[]> call =
          client.call(NEVER, pattern(100, 0), CallOptions.DEFAULT.idempotent());
      await().until(() -> arrived.get() == 1);
      network.cut();
      assertReconnected(client);
      await().until(() -> arrived.get() == 2);
      assertThat(call).isNotDone();
      call.cancel(false);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 7, 20, 1_000, 65_000, 300_000, 2_000_000})
  void aResetInTheMiddleOfAFrameHarmsNoOtherCall(long bytes) throws Exception {
    try (RpcClient client = connect()) {
      network.resetAfter(bytes);
      List<CompletableFuture<byte[]>> calls = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        CallOptions options = i % 2 == 0 ? IN_TIME : IN_TIME.idempotent();
        calls.add(client.call(ECHO, pattern(i * 1_000, i), options));
      }
      // What is not yet lost is lost with the calls that follow.
      while (states.count(ClientState.RECONNECTING) == 0) {
        calls.add(client.call(ECHO, pattern(50_000, 0), IN_TIME.idempotent()));
        calls.get(calls.size() - 1).join();
      }
      for (int i = 0; i < 40; i++) {
        CompletableFuture<byte[]> call = calls.get(i);
        if (i % 2 == 1 || succeeded(call)) {
          assertThat(Arrays.equals(call.join(), pattern(i * 1_000, i))).as("call %s", i).isTrue();
        } else {
          assertThat(Failures.of(call).status()).isEqualTo(RpcStatus.DISCONNECTED);
        }
      }
      assertReconnected(client);
    }
  }

  private static boolean succeeded(CompletableFuture<byte[]> call) {
    return call.handle((answer, failure) -> failure == null).join();
  }

  @Test
  void aSlowNetworkOnlyTakesTime() throws Exception {
    try (RpcClient client = connect()) {
      network.delay(40);
      List<CompletableFuture<byte[]>> calls = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        calls.add(client.call(ECHO, pattern(i * 100, i), IN_TIME));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(calls.get(i).join()).isEqualTo(pattern(i * 100, i));
      }
      assertThat(states.all()).containsExactly(ClientState.CONNECTING, ClientState.CONNECTED);
    }
  }
}
