package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The calls of all connections are bounded, and every way in which one ends makes room again. */
class MaxCallsTest {
  private static final String FULL =
      "more than 2 calls at once on all connections together (maxCalls), try again later";
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> LATER =
      RpcMethod.unary("later", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM = StreamMethod.of("stream");

  private final Queue<CompletableFuture<String>> atWork = new ArrayDeque<>();
  private final RpcEndpoint endpoint =
      RpcEndpoint.builder()
          .handle(ECHO, (request, call) -> request)
          .handleAsync(LATER, (request, call) -> work())
          .handleStreamAsync(STREAM, (request, call) -> request)
          .maxCalls(2)
          .build();
  private final EndpointLink one = link();
  private final EndpointLink other = link();

  /** Work that goes on though it was cancelled. */
  private CompletionStage<String> work() {
    CompletableFuture<String> begun = new CompletableFuture<>();
    atWork.add(begun);
    return begun.minimalCompletionStage();
  }

  private EndpointLink link() {
    CallTimeouts timeouts = new CallTimeouts(Duration.ofNanos(1), Duration.ofNanos(1));
    return new EndpointLink(endpoint, CoreLimits.builder(), timeouts);
  }

  private Answer call(EndpointLink link, RpcMethod<String, String> method) {
    Answer answer = link.call(method, "x");
    link.settle();
    return answer;
  }

  private void assertFull(EndpointLink link) {
    call(link, ECHO).assertText(ResponseStatus.SYSTEM_ERROR, FULL);
  }

  /** Exactly both places are free: one too many is refused again. */
  @AfterEach
  void everyPlaceHasComeBack() {
    atWork.forEach(work -> work.complete("late"));
    one.settle();
    assertThat(endpoint.calls()).isZero();
    EndpointLink fresh = link();
    call(fresh, LATER);
    call(fresh, LATER);
    assertFull(fresh);
    atWork.forEach(work -> work.complete("done"));
    fresh.finish();
    assertThat(endpoint.calls()).isZero();
    one.finish();
    other.finish();
  }

  @Test
  void connectionsShareTheLimit() {
    Answer first = call(one, LATER);
    StreamAnswer second = other.open(STREAM, NOTHING);
    other.settle();
    assertFull(one);
    assertFull(other);
    StreamAnswer refused = one.open(STREAM, NOTHING).send("a").end();
    one.settle();
    refused.assertFailed(ResponseStatus.SYSTEM_ERROR, FULL);
    assertThat(one.bufferedBytes()).as("of what was refused").isEqualTo(1);
    assertThat(endpoint.calls()).isEqualTo(2);

    atWork.remove().complete("done");
    one.settle();
    first.assertSuccess("done");
    call(other, ECHO).assertSuccess("x");
    second.send("b").end();
    other.settle();
    second.assertEnded("b");
  }

  @Test
  void aCallThatWaitsForAThreadHasItsPlace() {
    Answer first = one.call(ECHO, "1");
    Answer second = one.call(ECHO, "2");
    one.call(ECHO, "3").assertText(ResponseStatus.SYSTEM_ERROR, FULL);
    one.settle();
    first.assertSuccess("1");
    second.assertSuccess("2");
  }

  @Test
  void aRequestThatIsStillComingHasNone() {
    byte[] call = Wire.call(7, LATER.id(), NOTHING, NOTHING);
    one.receive(
        Wire.frame(1, 0, Wire.OPEN, call),
        Wire.frame(3, 0, Wire.OPEN, Wire.call(8, LATER.id(), NOTHING, NOTHING)));
    assertThat(endpoint.calls()).isZero();
    one.receive(Wire.frame(1, 1, Wire.END, NOTHING));
    assertThat(endpoint.calls()).isEqualTo(1);
    one.timer.expireAll(one.loop);
  }

  @Test
  void aFailureMakesRoom() {
    for (int i = 0; i < 5; i++) {
      Answer answer = call(one, LATER);
      atWork.remove().completeExceptionally(new RpcException(RpcStatus.FAIL, "no"));
      one.settle();
      assertThat(answer.body()).isNotEmpty();
      assertThat(endpoint.calls()).isZero();
    }
  }

  @Test
  void aCallThatTookTooLongKeepsItsPlaceUntilItsHandlerIsDone() {
    call(one, LATER);
    call(one, LATER);
    one.timer.expireAll(one.loop);
    one.settle();
    assertThat(one.inboundCalls()).isZero();
    assertFull(other);
    atWork.remove().complete("too late");
    call(other, ECHO).assertSuccess("x");
  }

  @Test
  void aStreamThatIsCancelledBeforeItsHandlerRanKeepsItsPlaceUntilThen() {
    one.open(STREAM, NOTHING).cancel();
    one.open(STREAM, NOTHING).cancel();
    assertFull(other);
    one.settle();
    call(other, ECHO).assertSuccess("x");
  }

  @Test
  void theEndOfAConnectionKeepsThePlacesOfHandlersThatRun() {
    call(one, LATER);
    one.open(STREAM, NOTHING);
    one.settle();
    one.disconnect();
    one.loop.reject(true);
    assertThat(endpoint.calls()).as("the stream's has nothing left to do").isEqualTo(1);
    atWork.remove().complete("too late");
    assertThat(endpoint.calls()).isZero();
    one.loop.reject(false);
  }

  @Test
  void anExecutorThatTakesNoMoreMakesRoom() {
    one.handlers.reject(true);
    for (int i = 0; i < 5; i++) {
      call(one, ECHO).assertText(ResponseStatus.SYSTEM_ERROR, HandlerPlace.OVERLOADED);
      one.open(STREAM, NOTHING)
          .end()
          .assertFailed(ResponseStatus.SYSTEM_ERROR, HandlerPlace.OVERLOADED);
    }
    one.handlers.reject(false);
    assertThat(endpoint.calls()).isZero();
  }

  @Test
  void theLimitIsAtLeastOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RpcEndpoint.builder().maxCalls(0))
        .withMessage("maxCalls: 0 (expected: 1 or more)");
  }
}
