package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls and streams that are begun while their client has no connection. */
@Timeout(60)
class WaitingIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> SILENT =
      RpcMethod.unary("silent", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM_SILENT = StreamMethod.of("stream.silent");
  private static final StreamMethod STREAM_ECHO = StreamMethod.of("stream.echo");

  private final RecordedStates states = new RecordedStates();
  private ServerOnPort server;

  /** Its port is known, and nobody listens there. */
  @BeforeEach
  void startAndStop() throws IOException {
    server =
        new ServerOnPort(
            builder ->
                builder
                    .handle(ECHO, (text, call) -> text)
                    .handleAsync(SILENT, (text, call) -> new CompletableFuture<>())
                    .handleStreamAsync(STREAM_SILENT, (request, call) -> subscriber -> {})
                    .handleStreamAsync(STREAM_ECHO, (request, call) -> request));
    server.stop();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RpcClientBuilder client() {
    return RpcClient.builder(server.uri())
        .reconnectPolicy((attempt, cause) -> Duration.ofMillis(5))
        .stateListener(states);
  }

  @Test
  void callsAndStreamsWaitForTheConnection() throws Exception {
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

  /** Whether it has been sent by then or not. */
  @Test
  void aCallThatHasWaitedIsToldTheDeadlineThatItWasGiven() throws Exception {
    CallOptions options = CallOptions.deadline(Duration.ofSeconds(1));
    try (RpcClient client = client().connectLater()) {
      states.awaitCount(ClientState.RECONNECTING, 2);
      CompletableFuture<String> call = client.call(SILENT, "x", options);
      StreamCall stream = client.open(STREAM_SILENT, new byte[0], options);
      server.start();
      assertThat(Failures.of(call).status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
      assertThat(Failures.of(call).detail()).contains("within PT1S");
      RpcException ofStream =
          catchThrowableOfType(RpcException.class, () -> stream.response().read());
      assertThat(ofStream.status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
      assertThat(ofStream.detail()).contains("within PT1S");
    }
  }

  @Test
  void aCallThatDoesNotWaitFailsAtOnce() {
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
  void whatWaitsIsBoundedByItsBytesToo() {
    ClientLimits limits = ClientLimits.builder().maxWaitingBytes(138).build();
    try (RpcClient client = client().limits(limits).connectLater()) {
      CompletableFuture<String> first = client.call(ECHO, "1234567");
      StreamCall stream = client.open(STREAM_ECHO);
      CompletableFuture<Void> fits = stream.request().writeAsync(text("890")); // 128 on top
      RpcException failure = Failures.of(client.call(ECHO, "x"));
      assertThat(failure.status()).isEqualTo(RpcStatus.REJECTED);
      assertThat(failure.detail())
          .isEqualTo(
              "138 bytes wait for a connection, 1 more would pass the limit 138 (maxWaitingBytes)");
      assertThat(failure.mayHaveReachedPeer()).isFalse();
      assertThat(first).isNotDone();
      assertThat(fits).isNotDone();

      CompletableFuture<Void> tooMuch = stream.request().writeAsync(text("x"));
      assertThat(Failures.of(tooMuch).detail()).contains("limit 138 (maxWaitingBytes)");
      assertThat(Failures.of(fits).status()).isEqualTo(RpcStatus.REJECTED);
      first.cancel(false);
      CompletableFuture<String> inTheirPlace = client.call(ECHO, "x".repeat(138));
      assertThat(Failures.of(client.call(ECHO, "x")).status()).isEqualTo(RpcStatus.REJECTED);
      assertThat(inTheirPlace).isNotDone();
    }
  }

  @Test
  void whatWasSentWaitsNoMore() throws Exception {
    ClientLimits limits = ClientLimits.builder().maxWaitingBytes(10).build();
    try (RpcClient client = client().limits(limits).connectLater()) {
      CompletableFuture<String> first = client.call(ECHO, "1234567");
      server.start();
      assertThat(first.join()).isEqualTo("1234567");
      server.stop();
      await().until(() -> client.connection() == null);
      CompletableFuture<String> second = client.call(ECHO, "1234567890");
      assertThat(Failures.of(client.call(ECHO, "x")).status()).isEqualTo(RpcStatus.REJECTED);
      server.start();
      assertThat(second.join()).isEqualTo("1234567890");
    }
  }

  @Test
  void aStreamThatWaitsCanBeCancelled() {
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
  void chunksThatHoldNothingAreBoundedToo() {
    try (RpcClient client = client().connectLater()) {
      StreamCall stream = client.open(STREAM_ECHO);
      for (int chunk = 0; chunk < (4 << 20) / 128; chunk++) {
        assertThat(stream.request().writeAsync(Unpooled.EMPTY_BUFFER)).isNotDone();
      }
      RpcException failure = Failures.of(stream.request().writeAsync(Unpooled.EMPTY_BUFFER));
      assertThat(failure)
          .hasMessage(
              "stream.echo: REJECTED: more than 4194304 bytes wait for the call to be opened,"
                  + " 128 on top for each chunk");
    }
  }

  @Test
  void asManyChunksAsMayWaitAreSentInOrder() throws Exception {
    try (RpcClient client = client().connectLater()) {
      StreamCall stream = client.open(STREAM_ECHO);
      StringBuilder expected = new StringBuilder();
      for (int chunk = 0; chunk < 32_000; chunk++) {
        String text = Integer.toString(chunk % 10);
        stream.request().writeAsync(text(text));
        expected.append(text);
      }
      CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> readAll(stream));
      stream.request().end();
      server.start();
      assertThat(answer.join()).isEqualTo(expected.toString());
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
