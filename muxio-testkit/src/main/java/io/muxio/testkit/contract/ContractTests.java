package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.testkit.Usage;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tests of the contract share: two ends, and the check that nothing is left at them. */
@Timeout(120)
@ParameterizedClass(name = "extension {0}")
@ValueSource(booleans = {true, false})
abstract class ContractTests {
  /** Connects two ends. */
  @FunctionalInterface
  interface Connector {
    ConnectedPair connect(RpcEndpoint server, RpcEndpoint client, PairOptions options)
        throws Exception;
  }

  /** Who calls whom. */
  enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("contract.echo", Codec.bytes(), Codec.bytes());

  final RpcEndpoint.Builder server = RpcEndpoint.builder();
  final RpcEndpoint.Builder client = RpcEndpoint.builder();

  /** Whether the ends speak the extension; all holds without it too. */
  @Parameter boolean extension;

  private final Connector connector;
  private @Nullable ConnectedPair pair;

  ContractTests(Connector connector) {
    this.connector = connector;
    onBoth(end -> end.handle(ECHO, (request, call) -> request));
  }

  /** Registers methods at both ends. */
  final void onBoth(Consumer<RpcEndpoint.Builder> registration) {
    registration.accept(server);
    registration.accept(client);
  }

  /** Registers methods at the end that is called. */
  final RpcEndpoint.Builder callee(Direction direction) {
    return direction == Direction.TO_SERVER ? server : client;
  }

  final void connect() throws Exception {
    connect(PairOptions.DEFAULT);
  }

  /** Connects, and lets the client speak first, so that both ends can call. */
  final void connect(PairOptions options) throws Exception {
    connectSilently(options);
    assertThat(get(caller(Direction.TO_SERVER).call(ECHO, new byte[] {1}))).containsExactly(1);
  }

  final void connectSilently(PairOptions options) throws Exception {
    pair = connector.connect(server.build(), client.build(), options.withExtension(extension));
  }

  final ConnectedPair pair() {
    if (pair == null) {
      throw new IllegalStateException("not connected (expected: connect() before)");
    }
    return pair;
  }

  final RpcCaller caller(Direction direction) {
    return switch (direction) {
      case TO_SERVER -> pair().client().caller();
      case TO_CLIENT -> pair().server().caller();
    };
  }

  /** Whatever a test has done, calls go on in both directions. */
  final void assertConnected() throws Exception {
    for (Direction direction : Direction.values()) {
      assertThat(get(caller(direction).call(ECHO, new byte[] {1, 2, 3}))).containsExactly(1, 2, 3);
    }
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.get(Waiting.SECONDS, TimeUnit.SECONDS);
  }

  static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(Waiting.SECONDS, TimeUnit.SECONDS))
        .as("within %s s", Waiting.SECONDS)
        .isTrue();
  }

  /** How a caller sees that its call was refused before its handler ran. */
  final RpcStatus refused() {
    return extension ? RpcStatus.OVERLOADED : RpcStatus.SYSTEM_ERROR;
  }

  /** The failure that a call ends with. */
  static RpcException failureOf(Future<?> call) throws Exception {
    try {
      Object value = call.get(Waiting.SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("answered: " + value + " (expected: a failure)");
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(RpcException.class);
      return (RpcException) Objects.requireNonNull(e.getCause());
    }
  }

  static void assertFailed(Future<?> call, RpcStatus status, String... parts) throws Exception {
    assertFailed(failureOf(call), status, parts);
  }

  static void assertFailed(RpcException failure, RpcStatus status, String... parts) {
    assertThat(failure.status()).as("%s", failure).isEqualTo(status);
    for (String part : parts) {
      assertThat(failure.detail()).contains(part);
    }
  }

  /** A connection that is still up holds nothing when its calls are over; then it is closed. */
  @AfterEach
  final void everythingIsBackToZero() {
    ConnectedPair last = pair;
    if (last == null) {
      return;
    }
    try {
      Waiting.until(
          "neither end holds anything",
          () -> last.usage().stream().allMatch(Usage.ZERO::equals),
          last::usage);
    } finally {
      last.close();
    }
  }
}
