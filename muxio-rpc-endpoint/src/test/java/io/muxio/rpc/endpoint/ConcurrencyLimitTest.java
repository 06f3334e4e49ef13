package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a limit is asked and told: of each unary call that was let in, once, how it ended. */
class ConcurrencyLimitTest {
  private static final RpcMethod<String, String> LATER =
      RpcMethod.unary("later", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM = StreamMethod.of("stream");

  private final List<String> told = new ArrayList<>();
  private final Queue<CompletableFuture<String>> atWork = new ArrayDeque<>();
  private int maxCalls = 2;
  private final RpcEndpoint endpoint =
      RpcEndpoint.builder()
          .handleAsync(LATER, (request, call) -> work())
          .handleStreamAsync(STREAM, (request, call) -> request)
          .concurrencyLimit(new Recorded())
          .build();
  private final EndpointLink link =
      new EndpointLink(
          endpoint,
          CoreLimits.builder(),
          new CallTimeouts(Duration.ofNanos(1), Duration.ofNanos(1)));

  private final class Recorded implements ConcurrencyLimit {
    @Override
    public int maxCalls() {
      return maxCalls;
    }

    @Override
    public void onCall(Outcome outcome, long startNanos, long endNanos, int callsAtOnce) {
      assertThat(endNanos - startNanos).isNotNegative();
      told.add(outcome + " of " + callsAtOnce);
    }
  }

  private CompletableFuture<String> work() {
    CompletableFuture<String> begun = new CompletableFuture<>();
    atWork.add(begun);
    return begun;
  }

  private Answer call() {
    Answer answer = link.call(LATER, "x");
    link.settle();
    return answer;
  }

  private void fail(Throwable failure) {
    atWork.remove().completeExceptionally(failure);
    link.settle();
  }

  @AfterEach
  void everyPlaceHasComeBack() {
    atWork.forEach(work -> work.complete("done"));
    link.finish();
    assertThat(endpoint.calls()).isZero();
  }

  @Test
  void oneCallMoreIsRefusedAndNotTold() {
    call();
    call();
    call()
        .assertText(
            ResponseStatus.SYSTEM_ERROR,
            "more than 2 unary calls at once, as many as are served now (concurrencyLimit),"
                + " try again later");
    assertThat(endpoint.calls()).isEqualTo(2);
    atWork.remove().complete("done");
    link.settle();
    atWork.remove().complete("done");
    link.settle();
    assertThat(told).containsExactly("ANSWERED of 1", "ANSWERED of 2");
  }

  @Test
  void theLimitMayChangeAtAnyTime() {
    call();
    maxCalls = 0;
    call().assertTextContains(ResponseStatus.SYSTEM_ERROR, "more than 1 unary calls");
    maxCalls = 3;
    call().assertNone();
  }

  @Test
  void streamsNeitherCountNorTell() {
    for (int i = 0; i < 3; i++) {
      link.open(STREAM, NOTHING);
    }
    link.settle();
    call().assertNone();
    link.open(STREAM, NOTHING).end();
    link.settle();
    assertThat(told).isEmpty();
    link.disconnect();
  }

  @Test
  void failuresAreToldAsSuch() {
    call();
    fail(new RpcException(RpcStatus.NOT_FOUND, "no"));
    call();
    fail(new IllegalStateException("deliberate"));
    assertThat(told).containsExactly("FAILED of 1", "FAILED of 1");
  }

  @Test
  void refusalsBehindItAreToldAsSuch() {
    call();
    fail(RpcException.overloaded("the disk is busy", Duration.ofMillis(5)));
    link.handlers.reject(true);
    call().assertText(ResponseStatus.SYSTEM_ERROR, HandlerPlace.OVERLOADED);
    link.handlers.reject(false);
    assertThat(told).containsExactly("REFUSED of 1", "REFUSED of 1");
  }

  @Test
  void aCallThatTookTooLongIsToldOnceAndKeepsItsPlace() {
    call();
    call();
    link.timer.expireAll(link.loop);
    assertThat(told).containsExactlyInAnyOrder("GIVEN_UP of 1", "GIVEN_UP of 2");
    call().assertTextContains(ResponseStatus.SYSTEM_ERROR, "concurrencyLimit");
    atWork.forEach(work -> work.complete("too late"));
    link.settle();
    assertThat(told).hasSize(2);
    call().assertNone();
  }

  @Test
  void theEndOfTheConnectionGivesCallsUp() {
    call();
    link.disconnect();
    assertThat(told).containsExactly("GIVEN_UP of 1");
  }
}
