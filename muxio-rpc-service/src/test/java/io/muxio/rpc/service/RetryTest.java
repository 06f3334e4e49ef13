package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a call is made again, and when it is not, in a time that the test makes pass. */
class RetryTest {
  private static final RpcMethod<String, String> TEXT =
      RpcMethod.unary("text", Codec.utf8(), Codec.utf8());
  private final RpcException notSent =
      RpcException.notSent(RpcStatus.DISCONNECTED, "text", "not connected", null);
  private final RpcException lost = new RpcException(RpcStatus.DISCONNECTED, "text", "lost", null);

  private final ScriptedCaller peer = new ScriptedCaller();
  private final ManualTiming time = new ManualTiming();

  /** Time that passes when the test says so, and the longest wait that chance allows. */
  private static final class ManualTiming implements RetryTiming {
    private record Due(long nanos, Runnable task, CompletableFuture<Void> pause) {}

    private final List<Due> due = new ArrayList<>();
    private final List<Long> waits = new ArrayList<>();
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public double random() {
      return 1;
    }

    @Override
    public CompletableFuture<?> after(long nanos, Runnable task) {
      Due next = new Due(now + nanos, task, new CompletableFuture<>());
      due.add(next);
      waits.add(TimeUnit.NANOSECONDS.toMillis(nanos));
      return next.pause;
    }

    void pass(long millis) {
      now += TimeUnit.MILLISECONDS.toNanos(millis);
      List<Due> reached = due.stream().filter(next -> next.nanos <= now).toList();
      due.removeAll(reached);
      reached.stream().filter(next -> next.pause.complete(null)).forEach(next -> next.task.run());
    }
  }

  private Retry.Builder retry() {
    return Retry.builder().timing(time);
  }

  private void fail(RpcException failure) {
    peer.last().answer().completeExceptionally(failure);
  }

  private static RpcException failure(CompletableFuture<?> call) {
    assertThat(call).isDone();
    ExecutionException failure = catchThrowableOfType(ExecutionException.class, call::get);
    assertThat(failure).as("the call failed").isNotNull();
    return (RpcException) failure.getCause();
  }

  @Test
  void aCallThatWasNotSentIsMadeAgainWithTheSameRequest() {
    CompletableFuture<String> call = peer.intercepted(retry().build()).call(TEXT, "request");
    fail(notSent);
    assertThat(call).isNotDone();
    assertThat(peer.calls).hasSize(1);
    time.pass(100);
    assertThat(peer.calls)
        .hasSize(2)
        .allSatisfy(made -> assertThat(made.request()).isEqualTo("request"));
    peer.last().answer().complete("answer");
    assertThat(call).isCompletedWithValue("answer");
  }

  @Test
  void theWaitsDoubleUpToTheLongest() {
    Retry retry =
        retry().maxAttempts(5).backoff(Duration.ofMillis(100), Duration.ofMillis(350)).build();
    CompletableFuture<String> call = peer.intercepted(retry).call(TEXT, "x");
    for (int attempt = 1; attempt <= 5; attempt++) {
      assertThat(peer.calls).hasSize(attempt);
      fail(notSent);
      time.pass(350);
    }
    assertThat(time.waits).containsExactly(100L, 200L, 350L, 350L);
    assertThat(failure(call))
        .hasMessage("text: DISCONNECTED: not connected (attempt 5 of 5)")
        .satisfies(last -> assertThat(last.mayHaveReachedPeer()).isFalse());
  }

  @Test
  void theFirstAttemptHasTheDeadlineThatWasGiven() {
    CallOptions options = CallOptions.deadline(Duration.ofSeconds(2));
    peer.intercepted(retry().build()).call(TEXT, "request", options);
    assertThat(peer.last().options().deadline()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aCallThatMayHaveArrivedIsMadeAgainOnlyWhereItIsIdempotent() {
    RpcCaller caller = peer.intercepted(retry().build());
    CompletableFuture<String> once = caller.call(TEXT, "x");
    fail(lost);
    assertThat(failure(once)).isSameAs(lost);
    CompletableFuture<String> again = caller.call(TEXT, "x", CallOptions.DEFAULT.idempotent());
    fail(lost);
    time.pass(100);
    peer.last().answer().complete("answer");
    assertThat(again).isCompletedWithValue("answer");
    assertThat(peer.calls)
        .hasSize(3)
        .as("how often it is sent is decided here")
        .noneMatch(made -> made.options().isIdempotent());
  }

  @ParameterizedTest
  @EnumSource(
      value = RpcStatus.class,
      names = {"FAIL", "SYSTEM_ERROR", "NOT_FOUND", "CANCELLED", "DEADLINE_EXCEEDED"})
  void otherFailuresAreFinal(RpcStatus status) {
    RpcException failure = RpcException.notSent(status, "text", "so it is", null);
    CompletableFuture<String> call =
        peer.intercepted(retry().build()).call(TEXT, "x", CallOptions.DEFAULT.idempotent());
    fail(failure);
    assertThat(failure(call)).isSameAs(failure);
  }

  @Test
  void aCallThatTheCalleeRefusedIsMadeAgainAfterTheTimeThatItAskedFor() {
    Retry retry =
        retry().maxAttempts(4).backoff(Duration.ofMillis(100), Duration.ofSeconds(5)).build();
    CompletableFuture<String> call = peer.intercepted(retry).call(TEXT, "x");
    fail(RpcException.overloaded("text", "full", Duration.ofMillis(700)));
    time.pass(799);
    assertThat(peer.calls).hasSize(1);
    time.pass(1);
    assertThat(peer.calls).hasSize(2);
    fail(RpcException.overloaded("text", "full", null));
    time.pass(200);
    fail(RpcException.overloaded("text", "full", Duration.ofSeconds(Long.MAX_VALUE)));
    assertThat(time.waits).as("up to the longest").containsExactly(800L, 200L, 5_400L);
    time.pass(5_400);
    peer.last().answer().complete("answer");
    assertThat(call).isCompletedWithValue("answer");
  }

  @Test
  void aCallThatTheCalleeRefusesIsMadeAgainWhileThereIsABudget() {
    Retry retry = retry().budget(new RetryBudget(0, 0, 1)).build();
    RpcException refused = RpcException.overloaded("text", "full", Duration.ofMillis(7));
    CompletableFuture<String> call = peer.intercepted(retry).call(TEXT, "x");
    fail(refused);
    assertThat(failure(call))
        .hasMessageContaining("the retry budget is empty")
        .extracting(RpcException::retryAfter)
        .isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void otherFailuresCanBeNamed() {
    Retry retry = retry().alsoOn(failure -> failure.status() == RpcStatus.SYSTEM_ERROR).build();
    CompletableFuture<String> call = peer.intercepted(retry).call(TEXT, "x");
    fail(new RpcException(RpcStatus.SYSTEM_ERROR, "text", "overloaded", null));
    time.pass(100);
    peer.last().answer().complete("answer");
    assertThat(call).isCompletedWithValue("answer");
  }

  @Test
  void theDeadlineIsForAllAttempts() {
    CallOptions options = CallOptions.deadline(Duration.ofMillis(250)).withMaxResponseSize(7);
    Retry retry =
        retry().maxAttempts(10).backoff(Duration.ofMillis(100), Duration.ofMillis(100)).build();
    CompletableFuture<String> call = peer.intercepted(retry).call(TEXT, "x", options);
    fail(notSent);
    time.pass(100);
    assertThat(peer.last().options()).isEqualTo(options.withDeadline(Duration.ofMillis(150)));
    fail(notSent);
    time.pass(100);
    fail(notSent);
    assertThat(failure(call))
        .hasMessageEndingWith("(attempt 3 of 10, no time for another before the deadline)");
    assertThat(time.due).isEmpty();
  }

  @Test
  void anOutageIsNotMultiplied() {
    RetryBudget budget = new RetryBudget(10, 0, 100, time::nanoTime);
    RpcCaller caller = peer.intercepted(retry().maxAttempts(5).budget(budget).build());
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      calls.add(caller.call(TEXT, "x"));
      fail(notSent);
      time.pass(5_000);
      while (!peer.last().answer().isDone()) {
        fail(notSent);
        time.pass(5_000);
      }
    }
    assertThat(peer.calls).hasSize(1_100);
    assertThat(calls).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(failure(calls.get(0)))
        .hasMessage(
            "text: DISCONNECTED: not connected (attempt 1 of 5, the retry budget is empty)");
  }

  @Test
  void aClosedCallerIsNotCalledAgain() {
    Retry retry = retry().alsoOn(failure -> true).build();
    CompletableFuture<String> call = peer.intercepted(retry).call(TEXT, "x");
    peer.closed = true;
    fail(notSent);
    assertThat(failure(call))
        .hasMessage(
            "text: DISCONNECTED: not connected"
                + " (attempt 1 of 3, there will be no connection any more)");
    assertThat(time.due).isEmpty();
  }

  @Test
  void aCallerThatIsClosedDuringTheWaitIsNotCalledAgain() {
    CallInterceptor behind = new CallInterceptor() {};
    CompletableFuture<String> call =
        peer.intercepted(retry().build(), behind).call(TEXT, "x", CallOptions.DEFAULT.idempotent());
    fail(lost);
    peer.closed = true;
    time.pass(100);
    assertThat(failure(call))
        .hasMessage(
            "text: DISCONNECTED: lost (attempt 1 of 3, there will be no connection any more)")
        .satisfies(last -> assertThat(last.mayHaveReachedPeer()).isTrue());
    assertThat(peer.calls).hasSize(1);
  }

  @Test
  void givingUpEndsTheWait() {
    CompletableFuture<String> call = peer.intercepted(retry().build()).call(TEXT, "x");
    fail(notSent);
    call.cancel(false);
    time.pass(100);
    assertThat(peer.calls).hasSize(1);
  }

  @Test
  void givingUpEndsTheAttempt() {
    CompletableFuture<String> call = peer.intercepted(retry().build()).call(TEXT, "x");
    fail(notSent);
    time.pass(100);
    call.cancel(false);
    assertThat(peer.last().answer()).isCancelled();
  }

  @Test
  void aBufferIsSentAgainAndGivenBackAtTheEnd() {
    RpcMethod<ByteBuf, String> buffer = RpcMethod.unary("buffer", Codec.byteBuf(), Codec.utf8());
    ByteBuf request = Unpooled.buffer().writeByte('7');
    CompletableFuture<String> call = peer.intercepted(retry().build()).call(buffer, request);
    fail(notSent);
    time.pass(100);
    assertThat(peer.last().request()).isEqualTo("7");
    assertThat(request.refCnt()).isEqualTo(1);
    peer.last().answer().complete("answer");
    assertThat(call).isCompletedWithValue("answer");
    assertThat(request.refCnt()).isZero();
  }

  @Test
  void settingsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Retry.builder().maxAttempts(0))
        .withMessage("maxAttempts: 0 (expected: 1 or more)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Retry.builder().backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .withMessageContaining("first: PT2S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Retry.builder().backoff(Duration.ofSeconds(2), Duration.ofDays(2)))
        .withMessageContaining("longest: PT48H");
  }
}
