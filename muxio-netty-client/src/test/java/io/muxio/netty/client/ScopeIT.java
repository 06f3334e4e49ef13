package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server in front of another: what becomes of its calls to that one when its own callers go. */
@Timeout(60)
class ScopeIT {
  private static final RpcMethod<String, String> UNARY =
      RpcMethod.unary("unary", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> STREAM =
      RpcMethod.unary("stream", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> DETACHED =
      RpcMethod.unary("detached", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> SILENT =
      RpcMethod.unary("silent", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM_SILENT = StreamMethod.of("stream.silent");

  private final CompletableFuture<CompletableFuture<?>> nested = new CompletableFuture<>();
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private ServerOnPort back;
  private ServerOnPort front;
  private RpcClient toBack;

  @BeforeEach
  void start() throws IOException {
    back =
        new ServerOnPort(
            builder ->
                builder
                    .handleAsync(SILENT, (text, call) -> new CompletableFuture<>())
                    .handleStreamAsync(STREAM_SILENT, (request, call) -> subscriber -> {}));
    toBack = RpcClient.connect(back.uri());
    front =
        new ServerOnPort(
            builder ->
                builder
                    .handle(
                        UNARY,
                        (text, call) -> {
                          call.interruptOnCancel();
                          nested.complete(toBack.call(SILENT, text));
                          try {
                            new CountDownLatch(1).await();
                          } finally {
                            interrupted.countDown();
                          }
                          return text;
                        })
                    .handleAsync(
                        STREAM,
                        (text, call) -> {
                          StreamCall stream = toBack.open(STREAM_SILENT);
                          nested.complete(stream.ended().toCompletableFuture());
                          return new CompletableFuture<>();
                        })
                    .handle(
                        DETACHED,
                        (text, call) -> {
                          nested.complete(CallScope.detached(() -> toBack.call(SILENT, text)));
                          return text;
                        }));
  }

  @AfterEach
  void stop() {
    toBack.close();
    front.close();
    back.close();
  }

  /** Calls the server in front, and leaves it as soon as it has called the other. */
  private CompletableFuture<?> callAndLeave(RpcMethod<String, String> method) throws Exception {
    try (RpcClient client =
        RpcClient.builder(front.uri())
            .limits(ClientLimits.builder().drainTimeout(Duration.ofMillis(1)).build())
            .connect()) {
      client.call(method, "text");
      return nested.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void theCallBehindIsGivenUpAndTheHandlerInterrupted() throws Exception {
    RpcException failure = Failures.of(callAndLeave(UNARY));
    assertThat(failure.status()).isEqualTo(RpcStatus.CANCELLED);
    assertThat(failure.detail()).isEqualTo("the call being served was cancelled");
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theStreamBehindIsCancelled() throws Exception {
    assertThat(Failures.of(callAndLeave(STREAM)).status()).isEqualTo(RpcStatus.CANCELLED);
  }

  @Test
  void aDetachedCallGoesOn() throws Exception {
    CompletableFuture<?> call = callAndLeave(DETACHED);
    back.stop();
    assertThat(Failures.of(call).status()).isEqualTo(RpcStatus.DISCONNECTED);
  }

  /** While there is no connection, the client itself watches the deadline. */
  @Test
  void aCallThatWaitsForItsConnectionIsGivenUpToo() throws Exception {
    back.stop();
    RpcException failure = Failures.of(callAndLeave(UNARY));
    assertThat(failure.status()).isEqualTo(RpcStatus.CANCELLED);
    Ended scope = new Ended();
    try (RpcClient client = RpcClient.builder(back.uri()).connectLater()) {
      CompletableFuture<String> call = scope.wrap(() -> client.call(SILENT, "text")).call();
      RpcException late = Failures.of(call);
      assertThat(late.status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
      assertThat(late.detail())
          .startsWith("no connection within PT0.01S, the deadline of the call being served");
      assertThat(late.mayHaveReachedPeer()).isFalse();
    }
  }

  /** Has a hundredth of a second left when a call is made, and nothing afterwards. */
  private static final class Ended implements CallScope {
    private volatile boolean asked;

    @Override
    public Duration timeLeft() {
      if (asked) {
        return Duration.ZERO;
      }
      asked = true;
      return Duration.ofMillis(10);
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public Registration onCancel(Runnable action) {
      return () -> {};
    }
  }
}
