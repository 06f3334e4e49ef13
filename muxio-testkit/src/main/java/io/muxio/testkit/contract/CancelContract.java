package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reaches the callee of a call that is waited for no longer, or not for long. */
abstract class CancelContract extends ContractTests {
  private static final RpcMethod<byte[], byte[]> WAITS =
      RpcMethod.unary("contract.waits", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> FORWARDS =
      RpcMethod.unary("contract.forwards", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> BUSY =
      RpcMethod.unary("contract.busy", Codec.bytes(), Codec.bytes());
  private static final StreamMethod BUSY_STREAM = StreamMethod.of("contract.busy_stream");
  private static final Duration LONG = Duration.ofHours(1);

  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final CompletableFuture<CallContext> begun = new CompletableFuture<>();

  /** What the method waits for, which nobody completes. */
  private final CompletableFuture<byte[]> never = new CompletableFuture<>();

  CancelContract(Connector connector) {
    super(connector);
    onBoth(
        end ->
            end.handleAsync(
                WAITS,
                (request, call) -> {
                  call.onCancel(cancelled::countDown);
                  begun.complete(call);
                  return never;
                }));
  }

  private void assertHandlerCancelled() throws Exception {
    await(cancelled);
    assertThat(get(begun).isCancelled()).isTrue();
    Waiting.until("the handler's stage is cancelled", never::isCancelled, never::toString);
  }

  @ParameterizedTest
  @EnumSource
  void aUnaryCallThatIsGivenUpIsCancelledAtItsCallee(Direction direction) throws Exception {
    assumeTrue(extension, "a published peer cannot be told");
    connect();
    CompletableFuture<byte[]> call = caller(direction).call(WAITS, new byte[1]);
    get(begun);
    call.cancel(false);
    assertHandlerCancelled();
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void aDeadlineReachesTheCallee(Direction direction) throws Exception {
    assumeTrue(extension, "a published peer cannot be told");
    connect();
    CompletableFuture<byte[]> call =
        caller(direction).call(WAITS, new byte[1], CallOptions.deadline(LONG));
    assertThat(get(begun).timeLeft()).isPositive().isLessThanOrEqualTo(LONG);
    call.cancel(false);
    assertHandlerCancelled();
  }

  @ParameterizedTest
  @EnumSource
  void aDeadlineThatPassesCancelsTheCallAtItsCallee(Direction direction) throws Exception {
    assumeTrue(extension, "a published peer cannot be told");
    connect();
    CompletableFuture<byte[]> call =
        caller(direction).call(WAITS, new byte[1], CallOptions.deadline(Duration.ofMillis(200)));
    assertFailed(call, RpcStatus.DEADLINE_EXCEEDED, "PT0.2S");
    assertHandlerCancelled();
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void withoutTheExtensionTheCalleeKnowsOfNoDeadline(Direction direction) throws Exception {
    assumeFalse(extension);
    connect();
    CompletableFuture<byte[]> call =
        caller(direction).call(WAITS, new byte[1], CallOptions.deadline(LONG));
    assertThat(get(begun).timeLeft()).isNull();
    never.complete(new byte[] {5});
    assertThat(get(call)).containsExactly(5);
  }

  /** From here over there and back again: what is left is handed on, and so is the cancel. */
  @ParameterizedTest
  @EnumSource
  void callsWithinACallEndWithIt(Direction direction) throws Exception {
    assumeTrue(extension, "a published peer cannot be told");
    callee(direction)
        .handle(FORWARDS, (request, call) -> get(call.connection().caller().call(WAITS, request)));
    connect();
    CompletableFuture<byte[]> call =
        caller(direction).call(FORWARDS, new byte[1], CallOptions.deadline(LONG));
    assertThat(get(begun).timeLeft()).isPositive().isLessThanOrEqualTo(LONG);
    call.cancel(false);
    assertHandlerCancelled();
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRefusedForLoadSaysSoAndWhenToComeBack(Direction direction) throws Exception {
    callee(direction)
        .handle(
            BUSY,
            (request, call) -> {
              throw RpcException.overloaded("full", Duration.ofMillis(1500));
            })
        .handleStream(
            BUSY_STREAM,
            (request, response, call) -> {
              throw RpcException.overloaded("full", Duration.ofMillis(1500));
            });
    connect();
    RpcException failure = failureOf(caller(direction).call(BUSY, new byte[1]));
    StreamCall stream = caller(direction).open(BUSY_STREAM);
    RpcException ended = failureOf(stream.ended().toCompletableFuture());
    for (RpcException each : new RpcException[] {failure, ended}) {
      assertFailed(each, refused(), "full");
      assertThat(Objects.requireNonNullElse(each.retryAfter(), Duration.ZERO))
          .isEqualTo(extension ? Duration.ofMillis(1500) : Duration.ZERO);
    }
  }
}
