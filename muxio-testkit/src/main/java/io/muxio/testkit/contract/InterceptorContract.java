package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.endpoint.HandlerInterceptor;
import io.muxio.rpc.service.CallInterceptor;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stands around calls and handlers, on both ends. */
abstract class InterceptorContract extends ContractTests {
  private static final int CALLS = 200;
  private static final RpcMethod<byte[], byte[]> GUARDED =
      RpcMethod.unary("contract.guarded", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> WAITS =
      RpcMethod.unary("contract.intercepted_waits", Codec.bytes(), Codec.bytes());
  private static final StreamMethod STREAM = StreamMethod.of("contract.intercepted_stream");

  private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
  private final Set<String> handled = ConcurrentHashMap.newKeySet();

  InterceptorContract(Connector connector) {
    super(connector);
    onBoth(
        end ->
            end.handlerInterceptor(this::guard)
                .handle(GUARDED, (request, call) -> request)
                .handleAsync(WAITS, (request, call) -> answer)
                .handleStreamAsync(STREAM, (request, call) -> request));
  }

  private CompletableFuture<?> guard(CallContext call, HandlerInterceptor.Next next) {
    if (call.method().name().equals(GUARDED.name())) {
      throw new RpcException(RpcStatus.FAIL, "not for you");
    }
    return next.proceed()
        .whenComplete((value, failure) -> handled.add(call.method().name()))
        .toCompletableFuture();
  }

  /** Derives a future as users do. */
  private static final class Deriving implements CallInterceptor {
    @Override
    public <Q, R> CompletableFuture<R> call(
        RpcMethod<Q, R> method, Q request, CallOptions options, RpcCaller next) {
      return next.call(method, request, options).thenApply(Function.identity());
    }
  }

  private RpcCaller intercepted(Direction direction) {
    return caller(direction).intercepted(new Deriving(), new Deriving());
  }

  @ParameterizedTest
  @EnumSource
  void callsAreAnsweredThroughInterceptors(Direction direction) throws Exception {
    connect();
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (int call = 0; call < CALLS; call++) {
      answers.add(intercepted(direction).call(ECHO, Chunks.pattern(call, call)));
    }
    for (int call = 0; call < CALLS; call++) {
      assertThat(get(answers.get(call))).isEqualTo(Chunks.pattern(call, call));
    }
    assertThat(handled).containsExactly(ECHO.name());
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerIsGuarded(Direction direction) throws Exception {
    connect();
    assertFailed(intercepted(direction).call(GUARDED, new byte[1]), RpcStatus.FAIL, "not for you");
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void givingUpThroughInterceptorsEndsTheCall(Direction direction) throws Exception {
    connect();
    CompletableFuture<byte[]> call = intercepted(direction).call(WAITS, new byte[1]);
    assertConnected();
    call.cancel(false);
    Waiting.until(
        "no call waits for its answer",
        () -> pair().usage().stream().allMatch(usage -> usage.pendingCalls() == 0),
        () -> pair().usage());
    answer.complete(new byte[1]);
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void aStreamTellsOfItsEnd(Direction direction) throws Exception {
    connect();
    StreamCall call = intercepted(direction).open(STREAM);
    CompletableFuture<List<byte[]>> read = Chunks.readLater(call.response());
    get(Chunks.writeLater(call.request(), List.of(new byte[] {1}, new byte[] {2})));
    assertThat(get(read)).hasSize(2);
    get(call.ended().toCompletableFuture());
    Waiting.until(
        "the handling has ended", () -> handled.contains(STREAM.name()), handled::toString);
  }

  @ParameterizedTest
  @EnumSource
  void aStreamThatIsGivenUpTellsOfIt(Direction direction) throws Exception {
    connect();
    StreamCall call = intercepted(direction).open(STREAM);
    call.cancel();
    assertFailed(call.ended().toCompletableFuture(), RpcStatus.CANCELLED);
  }
}
