package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens to calls, in whatever order: there are never more than allowed, and in the end
 * every place has come back, exactly once.
 */
class CallPlacesTest {
  private static final int MAX_CALLS = 6;
  private static final int MAX_UNARY = 4;
  private static final int RUNS = 150;
  private static final int STEPS = 120;
  private static final List<RpcMethod<String, String>> UNARY =
      List.of("blocking", "async", "onLoop").stream()
          .map(name -> RpcMethod.unary(name, Codec.utf8(), Codec.utf8()))
          .toList();
  private static final List<StreamMethod> STREAMS =
      List.of("stream", "streamOnLoop").stream().map(StreamMethod::of).toList();

  private Random random;
  private RpcEndpoint endpoint;
  private int told;
  private int lastAtOnce;
  private final List<EndpointLink> links = new ArrayList<>();
  private final List<EndpointLink> ended = new ArrayList<>();
  private final List<StreamAnswer> streams = new ArrayList<>();
  private final List<CompletableFuture<String>> atWork = new ArrayList<>();

  /** Lets in as many as it likes at the moment, and is told of each that gets in. */
  private final class Counted implements ConcurrencyLimit {
    @Override
    public int maxCalls() {
      return 1 + random.nextInt(MAX_UNARY);
    }

    @Override
    public void onCall(Outcome outcome, long startNanos, long endNanos, int callsAtOnce) {
      assertThat(callsAtOnce).isBetween(1, MAX_UNARY);
      told++;
      lastAtOnce = callsAtOnce;
    }
  }

  private RpcEndpoint endpoint(boolean intercepted) {
    RpcEndpoint.Builder builder =
        RpcEndpoint.builder()
            .handle(UNARY.get(0), (request, call) -> answerOrFail(request))
            .handleAsync(UNARY.get(1), (request, call) -> work())
            .handleAsync(UNARY.get(2), (request, call) -> work(), ExecutionMode.EVENT_LOOP)
            .handleStreamAsync(STREAMS.get(0), (request, call) -> request)
            .handleStreamAsync(STREAMS.get(1), (request, call) -> request, ExecutionMode.EVENT_LOOP)
            .concurrencyLimit(new Counted())
            .maxCalls(MAX_CALLS);
    return intercepted ? builder.handlerInterceptor(this::intercept).build() : builder.build();
  }

  private CompletionStage<?> intercept(CallContext call, HandlerInterceptor.Next next) {
    return switch (random.nextInt(4)) {
      case 0 -> next.proceed();
      case 1 -> work().thenCompose(done -> next.proceed());
      case 2 -> {
        next.proceed(); // not waited for
        throw new RpcException(RpcStatus.FAIL, "too slow");
      }
      default -> throw RpcException.overloaded("not now", Duration.ofMillis(1));
    };
  }

  private String answerOrFail(String request) {
    if (random.nextInt(3) == 0) {
      throw new RpcException(RpcStatus.FAIL, "no");
    }
    return request;
  }

  private CompletableFuture<String> work() {
    CompletableFuture<String> begun = new CompletableFuture<>();
    atWork.add(begun);
    return begun;
  }

  private EndpointLink connect() {
    EndpointLink link =
        new EndpointLink(
            endpoint,
            CoreLimits.builder().maxInboundCalls(4).maxBufferedBytes(2_000),
            new CallTimeouts(Duration.ofNanos(1), Duration.ofNanos(1)));
    links.add(link);
    return link;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsLost(boolean intercepted) {
    for (int seed = 0; seed < RUNS; seed++) {
      random = new Random(seed);
      endpoint = endpoint(intercepted);
      connect();
      connect();
      for (int step = 0; step < STEPS; step++) {
        step(links.get(random.nextInt(links.size())));
        assertThat(endpoint.calls()).as("seed %d", seed).isBetween(0, MAX_CALLS);
      }
      settle();
      assertThat(endpoint.calls()).as("places not given back, seed %d", seed).isZero();
      assertUnaryPlacesAreBack(seed);
    }
  }

  /**
   * With nothing at work the first call is always let in, and the limit told that it is the first.
   */
  private void assertUnaryPlacesAreBack(int seed) {
    int before = told;
    EndpointLink link = connect();
    link.call(UNARY.get(0), "x");
    assertThat(endpoint.calls()).isEqualTo(1);
    settle();
    assertThat(told).as("calls that the limit was told of, seed %d", seed).isEqualTo(before + 1);
    assertThat(lastAtOnce).as("unary calls at once, seed %d", seed).isEqualTo(1);
  }

  private void step(EndpointLink link) {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> link.call(any(UNARY), new byte[random.nextInt(700)]);
      case 3 -> streams.add(link.open(any(STREAMS), NOTHING));
      case 4 -> onStream(StreamAnswer::cancel);
      case 5 -> onStream(StreamAnswer::end);
      case 6 -> {
        if (!atWork.isEmpty()) {
          finish(atWork.remove(random.nextInt(atWork.size())));
        }
      }
      case 7 -> link.timer.expireAll(link.loop);
      case 8 -> link.handlers.reject(random.nextInt(4) == 0);
      case 9 -> link.settle();
      case 10 -> runAnyOf(link);
      default -> {
        if (random.nextInt(5) == 0) {
          disconnect(link);
        }
      }
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private void onStream(Consumer<StreamAnswer> action) {
    if (!streams.isEmpty()) {
      action.accept(streams.remove(random.nextInt(streams.size())));
    }
  }

  private void finish(CompletableFuture<String> work) {
    if (random.nextBoolean()) {
      work.complete("done");
    } else {
      work.completeExceptionally(new IllegalStateException("deliberate"));
    }
  }

  private void runAnyOf(EndpointLink link) {
    if (link.handlers.waiting() > 0) {
      link.handlers.runAny(random);
    }
    if (link.loop.waiting() > 0) {
      link.loop.runNext();
    }
  }

  /** Its thread takes no more tasks; its handlers go on. */
  private void disconnect(EndpointLink link) {
    link.disconnect();
    link.loop.runAll();
    link.loop.reject(true);
    links.remove(link);
    ended.add(link);
    connect();
  }

  private void settle() {
    for (int round = 0; round < 4; round++) { // an interceptor's work may begin a handler's
      ended.forEach(link -> link.handlers.runAll());
      links.forEach(link -> link.handlers.reject(false));
      links.forEach(EndpointLink::settle);
      while (!atWork.isEmpty()) {
        atWork.remove(0).complete("done");
      }
    }
    links.forEach(EndpointLink::close);
    ended.forEach(link -> link.loop.reject(false));
    ended.forEach(EndpointLink::close);
    links.clear();
    ended.clear();
    streams.clear();
  }
}
