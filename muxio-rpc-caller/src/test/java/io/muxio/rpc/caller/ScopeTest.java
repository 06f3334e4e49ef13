package io.muxio.rpc.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that are made for another call, on its thread. */
class ScopeTest {
  private static final RpcMethod<ByteBuf, ByteBuf> PASS =
      RpcMethod.unary("pass", Codec.byteBuf(), Codec.byteBuf());
  private static final RpcMethod<byte[], byte[]> SILENT =
      RpcMethod.unary("silent", Codec.bytes(), Codec.bytes());
  private static final StreamMethod STREAM = StreamMethod.of("stream");

  private final Scope scope = new Scope();
  private final CallerLink link =
      new CallerLink(
          RpcEndpoint.builder()
              .handle(PASS, (request, call) -> request)
              .handleAsync(SILENT, (request, call) -> new CompletableFuture<>())
              .handleStreamAsync(STREAM, (request, call) -> request),
          CoreLimits.builder());

  private static final class Scope implements CallScope {
    private final List<Runnable> actions = new ArrayList<>();
    private @Nullable Duration timeLeft;
    private boolean cancelled;

    private void cancel() {
      cancelled = true;
      List.copyOf(actions).forEach(Runnable::run);
    }

    @Override
    public @Nullable Duration timeLeft() {
      return timeLeft;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public Registration onCancel(Runnable action) {
      actions.add(action);
      return () -> actions.remove(action);
    }
  }

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  private <T> T within(Callable<T> work) throws Exception {
    T result = scope.wrap(work).call();
    link.loop.runAll();
    link.serve();
    return result;
  }

  private static RpcException failure(CompletableFuture<?> call) {
    assertThat(call).isCompletedExceptionally();
    Throwable thrown = call.handle((value, failure) -> failure).join();
    Throwable failure = thrown instanceof RpcException ? thrown : thrown.getCause();
    assertThat(failure).isInstanceOf(RpcException.class);
    return (RpcException) failure;
  }

  @Test
  void theDeadlineOfTheScopeIsWatchedAndNamed() throws Exception {
    scope.timeLeft = Duration.ofSeconds(9);
    CompletableFuture<byte[]> call = within(() -> link.caller.call(SILENT, new byte[1]));
    scope.timeLeft = Duration.ZERO;
    link.timer.expireAll(link.loop);
    link.settle();
    assertThat(failure(call).status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
    assertThat(failure(call).detail())
        .startsWith("no answer within PT9S, the deadline of the call being served;");
    assertThat(link.pendingCalls()).isZero();
    assertThat(scope.actions).isEmpty();
  }

  @Test
  void aDeadlineOfItsOwnThatIsShorterIsNamedAsSuch() throws Exception {
    scope.timeLeft = Duration.ofSeconds(9);
    CallOptions options = CallOptions.deadline(Duration.ofSeconds(2));
    CompletableFuture<byte[]> call = within(() -> link.caller.call(SILENT, new byte[1], options));
    link.timer.expireAll(link.loop);
    link.settle();
    assertThat(failure(call).detail()).startsWith("no answer within PT2S;");
  }

  @Test
  void theCancelOfTheScopeGivesTheCallUp() throws Exception {
    CompletableFuture<byte[]> call = within(() -> link.caller.call(SILENT, new byte[1]));
    assertThat(link.pendingCalls()).isEqualTo(1);
    scope.cancel();
    link.settle();
    assertThat(failure(call).status()).isEqualTo(RpcStatus.CANCELLED);
    assertThat(failure(call).method()).isEqualTo("silent");
    assertThat(link.pendingCalls()).isZero();
  }

  @Test
  void anAnswerThatComesWithTheCancelIsReleased() throws Exception {
    ByteBuf request = link.buffer(Wire.pattern(300_000));
    CompletableFuture<ByteBuf> call = within(() -> link.caller.call(PASS, request));
    link.deliverAnswers();
    scope.cancel();
    link.settle();
    assertThat(failure(call).status()).isEqualTo(RpcStatus.CANCELLED);
    assertThat(link.memory()).isZero();
  }

  @Test
  void aScopeThatIsCancelledSendsNothing() throws Exception {
    scope.cancel();
    ByteBuf request = link.buffer(new byte[10]);
    CompletableFuture<ByteBuf> call = within(() -> link.caller.call(PASS, request));
    assertThat(failure(call).status()).isEqualTo(RpcStatus.CANCELLED);
    assertThat(failure(call).mayHaveReachedPeer()).isFalse();
    StreamCall stream = within(() -> link.caller.open(STREAM));
    assertThat(failure(stream.ended().toCompletableFuture()).mayHaveReachedPeer()).isFalse();
    assertThat(link.requests()).isZero();
    assertThat(link.memory()).isZero();
  }

  @Test
  void aScopeHoldsNothingOfCallsThatHaveEnded() throws Exception {
    CompletableFuture<ByteBuf> call =
        within(() -> link.caller.call(PASS, link.buffer(new byte[10])));
    assertThat(scope.actions).hasSize(1);
    link.settle();
    call.join().release();
    assertThat(scope.actions).isEmpty();

    StreamCall stream = within(() -> link.caller.open(STREAM));
    assertThat(scope.actions).hasSize(1);
    stream.cancel();
    link.settle();
    assertThat(scope.actions).isEmpty();
  }

  @Test
  void theCancelOfTheScopeCancelsAStream() throws Exception {
    StreamCall stream = within(() -> link.caller.open(STREAM));
    scope.cancel();
    link.settle();
    assertThat(failure(stream.ended().toCompletableFuture()).status())
        .isEqualTo(RpcStatus.CANCELLED);
    assertThat(link.pendingCalls()).isZero();
  }

  @Test
  void theDeadlineOfTheScopeEndsAStreamAndIsNamed() throws Exception {
    scope.timeLeft = Duration.ofSeconds(9);
    StreamCall stream = within(() -> link.caller.open(STREAM));
    scope.timeLeft = Duration.ZERO;
    scope.cancel();
    link.timer.expireAll(link.loop);
    link.settle();
    RpcException failure = failure(stream.ended().toCompletableFuture());
    assertThat(failure.status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
    assertThat(failure.detail())
        .startsWith("the answer has not ended within PT9S, the deadline of the call being served;");
  }
}
