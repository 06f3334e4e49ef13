package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls that are made for another one, behind interceptors. */
class NestedCallTest {
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<ByteBuf, ByteBuf> RAW =
      RpcMethod.unary("raw", Codec.byteBuf(), Codec.byteBuf());
  private static final StreamMethod STREAM = StreamMethod.of("stream");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ScriptedScope scope = new ScriptedScope();
  private final ScriptedCaller peer = new ScriptedCaller();
  private final RpcCaller caller = peer.intercepted(new CallInterceptor() {});

  private <T> T within(Supplier<T> work) {
    try {
      return scope.wrap(work::get).call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private @Nullable Duration deadlineOf(CallOptions options) {
    within(() -> caller.call(METHOD, "request", options));
    return peer.last().options().deadline();
  }

  @Test
  void theShorterDeadlineCounts() {
    scope.timeLeft = SECOND;
    assertThat(deadlineOf(CallOptions.DEFAULT)).isEqualTo(SECOND);
    assertThat(deadlineOf(CallOptions.deadline(MINUTE))).isEqualTo(SECOND);
    assertThat(deadlineOf(CallOptions.deadline(Duration.ofMillis(5)))).hasMillis(5);
    scope.timeLeft = null;
    assertThat(deadlineOf(CallOptions.deadline(MINUTE))).isEqualTo(MINUTE);
    assertThat(deadlineOf(CallOptions.DEFAULT)).isNull();
  }

  @Test
  void moreTimeThanADeadlineMayHaveIsNone() {
    scope.timeLeft = CallOptions.LONGEST_DEADLINE.plusNanos(1);
    assertThat(deadlineOf(CallOptions.DEFAULT)).isNull();
  }

  @Test
  void theOtherOptionsStay() {
    scope.timeLeft = SECOND;
    CallOptions options = CallOptions.DEFAULT.failFast().idempotent().withMaxResponseSize(7);
    within(() -> caller.call(METHOD, "request", options));
    assertThat(peer.last().options()).isEqualTo(options.withDeadline(SECOND).within(scope));
  }

  @Test
  void outsideOfAScopeNothingChanges() {
    scope.timeLeft = SECOND;
    caller.call(METHOD, "request", CallOptions.DEFAULT);
    assertThat(peer.last().options()).isEqualTo(CallOptions.DEFAULT);
    within(() -> CallScope.detached(() -> caller.call(METHOD, "request")));
    assertThat(peer.last().options()).isEqualTo(CallOptions.DEFAULT);
    assertThat(scope.actions).isEmpty();
  }

  @Test
  void optionsBringAScopeFromAnotherThread() {
    CompletableFuture<String> call =
        caller.call(METHOD, "request", CallOptions.DEFAULT.within(scope));
    scope.cancel();
    Failure.of(call).assertIs(RpcStatus.CANCELLED, "method", true);
  }

  @Test
  void aCancelGivesTheCallUp() {
    CompletableFuture<String> call = within(() -> caller.call(METHOD, "request"));
    scope.cancel();
    Failure.of(call).assertIs(RpcStatus.CANCELLED, "the call being served was cancelled", true);
    assertThat(peer.last().answer()).isCancelled();
  }

  @Test
  void aCancelByTheDeadlineSaysSo() {
    scope.timeLeft = SECOND;
    CompletableFuture<String> call = within(() -> caller.call(METHOD, "request"));
    scope.timeLeft = Duration.ZERO;
    scope.cancel();
    Failure.of(call)
        .assertIs(RpcStatus.DEADLINE_EXCEEDED, "the deadline of the call being served", true);
  }

  @Test
  void aScopeDoesNotGrowByCallsThatHaveEnded() {
    CompletableFuture<String> first = within(() -> caller.call(METHOD, "request"));
    assertThat(scope.actions).hasSize(1);
    peer.last().answer().complete("answer");
    assertThat(first).isCompletedWithValue("answer");
    assertThat(scope.actions).isEmpty();
    within(() -> caller.call(METHOD, "request")).cancel(false);
    assertThat(scope.actions).isEmpty();
  }

  @Test
  void afterACancelNothingIsCalledAndTheRequestIsReleased() {
    scope.cancel();
    ByteBuf request = Unpooled.buffer().writeByte(1);
    Failure.of(within(() -> caller.call(RAW, request)))
        .assertIs(RpcStatus.CANCELLED, "the call being served was cancelled", false);
    assertThat(request.refCnt()).isZero();
    assertThat(peer.calls).isEmpty();
  }

  @Test
  void afterTheDeadlineNothingIsCalled() {
    scope.timeLeft = Duration.ZERO;
    Failure.of(within(() -> caller.call(METHOD, "request")))
        .assertIs(
            RpcStatus.DEADLINE_EXCEEDED, "the deadline of the call being served has passed", false);
    StreamCall stream = within(() -> caller.open(STREAM));
    Failure.of(stream.ended().toCompletableFuture())
        .assertIs(
            RpcStatus.DEADLINE_EXCEEDED, "the deadline of the call being served has passed", false);
    assertThat(peer.calls).isEmpty();
  }

  /** They are made on a thread that is in no scope. */
  @Test
  void furtherAttemptsBelongToTheScopeToo() {
    scope.timeLeft = MINUTE;
    Pause pause = new Pause();
    RpcCaller retried = peer.intercepted(Retry.builder().timing(pause).build());
    CompletableFuture<String> call = within(() -> retried.call(METHOD, "request"));
    RpcException notSent = RpcException.notSent(RpcStatus.DISCONNECTED, "method", "lost", null);
    peer.last().answer().completeExceptionally(notSent);
    pause.tasks.remove(0).run();
    assertThat(peer.calls).hasSize(2);
    assertThat(peer.last().options().scope()).isSameAs(scope);
    assertThat(peer.last().options().deadline()).isEqualTo(MINUTE.minusMillis(1));
    scope.cancel();
    Failure.of(call).assertIs(RpcStatus.CANCELLED, "the call being served was cancelled", true);
    assertThat(peer.last().answer()).isCancelled();
  }

  /** Time passes by waits alone, a millisecond each, which the test ends. */
  private static final class Pause implements RetryTiming {
    private final List<Runnable> tasks = new ArrayList<>();
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public double random() {
      return 0;
    }

    @Override
    public CompletableFuture<?> after(long nanos, Runnable task) {
      now += 1_000_000;
      tasks.add(task);
      return new CompletableFuture<>();
    }
  }

  private record Failure(RpcException cause) {
    static Failure of(CompletableFuture<?> call) {
      assertThat(call).isCompletedExceptionally();
      Throwable failure = call.handle((value, thrown) -> thrown).join();
      Throwable cause = failure.getCause() instanceof RpcException known ? known : failure;
      assertThat(cause).isInstanceOf(RpcException.class);
      return new Failure((RpcException) cause);
    }

    void assertIs(RpcStatus status, String text, boolean mayHaveReachedPeer) {
      assertThat(cause.status()).isEqualTo(status);
      assertThat(cause).hasMessageContaining(text);
      assertThat(cause.mayHaveReachedPeer()).isEqualTo(mayHaveReachedPeer);
    }
  }
}
