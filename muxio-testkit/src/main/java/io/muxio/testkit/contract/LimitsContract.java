package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What passes a limit fails alone, and the error says which limit it was. */
abstract class LimitsContract extends ContractTests {
  private static final int CALLS = 3;
  private static final int SIZE = 100_000;
  private static final RpcMethod<byte[], byte[]> WAITS =
      RpcMethod.unary("contract.waits", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> GROWS =
      RpcMethod.unary("contract.grows", Codec.bytes(), Codec.bytes());

  private final CompletableFuture<byte[]> answer = new CompletableFuture<>();

  LimitsContract(Connector connector) {
    super(connector);
    onBoth(
        end ->
            end.handleAsync(WAITS, (request, call) -> answer)
                .handle(GROWS, (request, call) -> new byte[request.length * 2]));
  }

  private List<CompletableFuture<byte[]>> asManyAsMayBe(Direction direction) {
    List<CompletableFuture<byte[]>> calls = new ArrayList<>();
    for (int call = 0; call < CALLS; call++) {
      calls.add(caller(direction).call(WAITS, new byte[1]));
    }
    return calls;
  }

  private void assertAnswered(List<CompletableFuture<byte[]>> calls) throws Exception {
    answer.complete(new byte[] {5});
    for (CompletableFuture<byte[]> call : calls) {
      assertThat(get(call)).containsExactly(5);
    }
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void tooManyCallsToThePeer(Direction direction) throws Exception {
    connect(PairOptions.DEFAULT.with(CoreLimits.builder().maxPendingCalls(CALLS)));
    List<CompletableFuture<byte[]>> calls = asManyAsMayBe(direction);
    assertFailed(caller(direction).call(WAITS, new byte[1]), RpcStatus.REJECTED, "limit " + CALLS);
    StreamCall stream = caller(direction).open(StreamMethod.of("contract.any"));
    assertFailed(Chunks.readLater(stream.response()), RpcStatus.REJECTED, "limit " + CALLS);
    assertAnswered(calls);
  }

  @ParameterizedTest
  @EnumSource
  void tooManyCallsOfThePeer(Direction direction) throws Exception {
    connect(PairOptions.DEFAULT.with(CoreLimits.builder().maxInboundCalls(CALLS)));
    List<CompletableFuture<byte[]>> calls = asManyAsMayBe(direction);
    String told = "more than " + CALLS + " calls at once";
    assertFailed(caller(direction).call(WAITS, new byte[SIZE]), refused(), told);
    StreamCall stream = caller(direction).open(StreamMethod.of("contract.any"));
    assertFailed(Chunks.readLater(stream.response()), refused(), told);
    assertAnswered(calls);
  }

  @ParameterizedTest
  @EnumSource
  void aRequestThatIsTooLarge(Direction direction) throws Exception {
    connect(PairOptions.DEFAULT.with(CoreLimits.builder().maxRequestSize(SIZE)));
    assertThat(get(caller(direction).call(ECHO, new byte[SIZE]))).hasSize(SIZE);
    for (int size : new int[] {SIZE + 1, 1 << 20}) {
      assertFailed(
          caller(direction).call(ECHO, new byte[size]),
          RpcStatus.SYSTEM_ERROR,
          String.valueOf(SIZE));
    }
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatIsTooLarge(Direction direction) throws Exception {
    connect(PairOptions.DEFAULT.with(CoreLimits.builder().maxResponseSize(SIZE)));
    assertThat(get(caller(direction).call(GROWS, new byte[SIZE / 2]))).hasSize(SIZE);
    for (int size : new int[] {SIZE / 2 + 1, 1 << 20}) {
      assertFailed(
          caller(direction).call(GROWS, new byte[size]), RpcStatus.REJECTED, String.valueOf(SIZE));
    }
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatIsTooLargeForItsCall(Direction direction) throws Exception {
    connect(PairOptions.DEFAULT.with(CoreLimits.builder().maxResponseSize(2 * SIZE)));
    CallOptions options = CallOptions.DEFAULT.withMaxResponseSize(SIZE);
    assertThat(get(caller(direction).call(GROWS, new byte[SIZE / 2], options))).hasSize(SIZE);
    for (int size : new int[] {SIZE / 2 + 1, 1 << 20}) {
      assertFailed(
          caller(direction).call(GROWS, new byte[size], options),
          RpcStatus.REJECTED,
          "at most " + SIZE,
          "maxResponseSize of the call");
    }
    assertThat(get(caller(direction).call(GROWS, new byte[SIZE]))).hasSize(2 * SIZE);
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void aFailureIsToldWhateverTheAnswerMayBe(Direction direction) throws Exception {
    RpcMethod<byte[], byte[]> refuses =
        RpcMethod.unary("contract.refuses", Codec.bytes(), Codec.bytes());
    callee(direction)
        .handle(
            refuses,
            (request, call) -> {
              throw new RpcException(RpcStatus.FAIL, "a longer text than the answer may be");
            });
    connect();
    CallOptions options = CallOptions.DEFAULT.withMaxResponseSize(1);
    assertFailed(
        caller(direction).call(refuses, new byte[1], options), RpcStatus.FAIL, "a longer text");
    assertConnected();
  }
}
