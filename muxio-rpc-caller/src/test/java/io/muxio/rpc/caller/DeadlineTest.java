package io.muxio.rpc.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> SILENT =
      RpcMethod.unary("silent", Codec.bytes(), Codec.bytes());
  private static final CallOptions SOON = CallOptions.deadline(Duration.ofMillis(100));

  private final CallerLink link =
      new CallerLink(
          RpcEndpoint.builder()
              .handle(ECHO, (request, call) -> request)
              .handleAsync(SILENT, (request, call) -> new CompletableFuture<>()));

  @AfterEach
  void disconnect() {
    link.close();
  }

  @Test
  void aCallWithoutAnAnswerEndsAtItsDeadlineAndKeepsNothing() {
    CompletableFuture<byte[]> future = link.caller.call(SILENT, new byte[1], SOON);
    link.settle();
    assertThat(future).isNotDone();
    link.timer.expireAll(link.loop);
    link.settle();

    assertThat(Outcome.failure(future).status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
    assertThat(Outcome.failure(future)).message().contains("silent").contains("PT0.1S");
    assertThat(link.pendingCalls()).isZero();
  }

  @Test
  void aPeerThatHasNeverSentAFrameMayBeOfAnotherGeneration() {
    RpcException failure = expire(link.caller.call(SILENT, new byte[1], SOON));

    assertThat(failure.detail())
        .startsWith("no answer within PT0.1S; the peer has not sent a frame yet")
        .contains("does not speak GENERATION_13", "format()", "GENERATION_21");
  }

  @Test
  void aPeerThatHasAnsweredBeforeIsOnlySlow() {
    assertThat(link.call(ECHO, new byte[1])).isCompleted();
    RpcException failure = expire(link.caller.call(SILENT, new byte[1], SOON));

    assertThat(failure.detail()).isEqualTo("no answer within PT0.1S");
  }

  private RpcException expire(CompletableFuture<?> call) {
    link.settle();
    link.timer.expireAll(link.loop);
    link.settle();
    return Outcome.failure(call);
  }

  @Test
  void anAnsweredCallLeavesNoTimerBehind() {
    CompletableFuture<byte[]> future = link.caller.call(ECHO, new byte[] {7}, SOON);
    link.settle();

    assertThat(future.join()).containsExactly(7);
    assertThat(link.timer.waiting()).isZero();
  }

  @Test
  void aCancelledCallLeavesNoTimerBehind() {
    CompletableFuture<byte[]> future = link.caller.call(SILENT, new byte[1], SOON);
    link.settle();
    future.cancel(false);
    link.settle();

    assertThat(link.timer.waiting()).isZero();
  }

  @Test
  void aDeadlineIsInTheFutureAndNotTooFar() {
    for (Duration wrong :
        new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(366)}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CallOptions.deadline(wrong))
          .withMessageContaining("expected: more than zero");
    }
  }
}
