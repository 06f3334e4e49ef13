package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls whose request or whose answer takes too long. */
class TimeoutTest {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> NEVER =
      RpcMethod.unary("never", Codec.utf8(), Codec.utf8());

  /** So short that it has always passed when the timer is told that its time has come. */
  private static final Duration SHORT = Duration.ofNanos(1);

  private final List<String> cancelled = new ArrayList<>();

  private EndpointLink link(CallTimeouts timeouts) {
    RpcEndpoint endpoint =
        RpcEndpoint.builder()
            .handle(ECHO, (text, call) -> text)
            .handleAsync(
                NEVER,
                (text, call) -> {
                  call.onCancel(() -> cancelled.add(text));
                  return new CompletableFuture<>();
                })
            .build();
    return new EndpointLink(endpoint, CoreLimits.builder(), timeouts);
  }

  @Test
  void aRequestThatDoesNotEndIsRefusedAndItsPlaceIsFree() {
    EndpointLink link = link(new CallTimeouts(SHORT, Duration.ZERO));
    byte[] nothing = {};
    link.receive(Wire.frame(0, 0, 0, Wire.call(7, ECHO.id(), nothing, Wire.pattern(4))));
    assertThat(link.inboundCalls()).isEqualTo(1);

    link.timer.expireAll(link.loop);
    link.settle();

    assertThat(link.inboundCalls()).isZero();
    assertThat(link.serverMessages()).isEqualTo(1);
    link.finish();
  }

  @Test
  void aHandlerThatDoesNotAnswerIsToldAndTheCallerToo() {
    EndpointLink link = link(new CallTimeouts(Duration.ZERO, SHORT));
    Answer answer = link.call(NEVER, "late");
    link.settle();
    assertThat(cancelled).isEmpty();

    link.timer.expireAll(link.loop);
    link.settle();

    answer.assertText(ResponseStatus.SYSTEM_ERROR, "no answer within PT0.000000001S (callTimeout)");
    assertThat(cancelled).containsExactly("late");
    link.finish();
  }

  /** Else a peer whose calls time out could have any number of handlers run. */
  @Test
  void aCallThatTookTooLongKeepsItsPlaceUntilItsHandlerHasReturned() {
    RpcEndpoint endpoint = RpcEndpoint.builder().handle(ECHO, (text, call) -> text).build();
    EndpointLink link =
        new EndpointLink(
            endpoint,
            CoreLimits.builder().maxInboundCalls(1),
            new CallTimeouts(Duration.ZERO, SHORT));
    Answer late = link.call(ECHO, "late");
    link.timer.expireAll(link.loop);
    link.loop.runAll();
    Answer refused = link.call(ECHO, "refused");
    link.settle();
    late.assertText(ResponseStatus.SYSTEM_ERROR, "no answer within PT0.000000001S (callTimeout)");
    refused.assertText(
        ResponseStatus.SYSTEM_ERROR,
        "more than 1 calls at once on this connection (maxInboundCalls)");

    Answer next = link.call(ECHO, "next");
    link.settle();
    next.assertSuccess("next");
    link.finish();
  }

  @ParameterizedTest
  @CsvSource({"EXECUTOR, false", "EXECUTOR, true", "EVENT_LOOP, false", "EVENT_LOOP, true"})
  void aCallThatTookTooLongKeepsItsPlaceUntilItsStageIsCompleteIfItCannotBeCancelled(
      ExecutionMode mode, boolean intercepted) {
    List<CompletableFuture<String>> stages = new ArrayList<>();
    RpcEndpoint.Builder builder = RpcEndpoint.builder();
    if (intercepted) {
      builder.handlerInterceptor((call, next) -> next.proceed());
    }
    RpcEndpoint endpoint =
        builder
            .handleAsync(
                NEVER,
                (text, call) -> {
                  stages.add(new CompletableFuture<>());
                  return stages.get(stages.size() - 1).minimalCompletionStage();
                },
                mode)
            .build();
    EndpointLink link =
        new EndpointLink(
            endpoint,
            CoreLimits.builder().maxInboundCalls(1),
            new CallTimeouts(Duration.ZERO, SHORT));
    Answer late = link.call(NEVER, "late");
    link.settle();
    link.timer.expireAll(link.loop);
    link.settle();
    late.assertText(ResponseStatus.SYSTEM_ERROR, "no answer within PT0.000000001S (callTimeout)");
    Answer refused = link.call(NEVER, "refused");
    link.settle();
    refused.assertText(
        ResponseStatus.SYSTEM_ERROR,
        "more than 1 calls at once on this connection (maxInboundCalls)");

    stages.get(0).complete("too late");
    link.settle();
    Answer next = link.call(NEVER, "next");
    link.settle();
    stages.get(1).complete("next");
    link.settle();
    next.assertSuccess("next");
    link.finish();
  }

  @Test
  void aCallInTimeHearsNothingOfIt() {
    EndpointLink link = link(new CallTimeouts(SHORT, SHORT));
    Answer answer = link.call(ECHO, "in time");
    link.settle();
    link.timer.expireAll(link.loop);
    link.settle();
    answer.assertSuccess("in time");
    link.finish();
  }

  @Test
  void aClosedConnectionLeavesNoTimerBehind() {
    EndpointLink link = link(new CallTimeouts(Duration.ofDays(1), Duration.ofDays(1)));
    link.call(NEVER, "unanswered");
    link.settle();
    link.disconnect();
    link.settle();
    assertThat(link.timer.waiting()).isZero();
    link.finish();
  }
}
