package io.muxio.testkit.hunt;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.StreamCall;
import io.muxio.testkit.hunt.Step.Leaving;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Makes the calls of a program. Safe to use from any thread. */
final class StepCaller {
  private final Progress progress;
  private final StreamUser streams;

  StepCaller(Progress progress) {
    this.progress = progress;
    this.streams = new StreamUser(progress);
  }

  /**
   * Begins a call.
   *
   * @param step the call
   * @param caller of its end
   * @param scope the call that it is made for
   * @return done, never with a failure, when nothing of it goes on at the caller's end
   */
  CompletableFuture<Void> start(Step step, RpcCaller caller, @Nullable CallScope scope) {
    CallOptions options = CallOptions.DEFAULT.within(scope);
    if (step.leaving() == Leaving.DEADLINE) {
      options = options.withDeadline(Duration.ofMillis(1 + step.id()));
    }
    CompletableFuture<Void> end =
        step instanceof StreamStep stream
            ? stream(stream, caller, options)
            : unary((UnaryStep) step, caller, options);
    return progress.track("call " + step.id(), end.whenComplete((none, e) -> progress.ended()));
  }

  private CompletableFuture<Void> unary(UnaryStep step, RpcCaller caller, CallOptions options) {
    CompletableFuture<byte[]> answer =
        caller.call(Methods.unary(step.mode()), Methods.request(step, step.requestSize()), options);
    leave(step, () -> answer.cancel(false));
    return answer.handle(
        (bytes, failure) -> {
          check(step, failure, bytes == null ? 0 : bytes.length, step.answerSize());
          return null;
        });
  }

  private CompletableFuture<Void> stream(StreamStep step, RpcCaller caller, CallOptions options) {
    StreamCall call = caller.open(Methods.stream(step.mode()), Methods.request(step, 0), options);
    leave(step, call::cancel);
    CompletableFuture<Long> written = streams.write(step, call.request());
    CompletableFuture<Long> read = streams.read(step, call, caller);
    CompletableFuture<Void> writer = progress.track("writer " + step.id(), written);
    CompletableFuture<Void> reader = progress.track("reader " + step.id(), read);
    CompletableFuture<Void> ended = progress.track("end " + step.id(), call.ended());
    return CompletableFuture.allOf(writer, reader, ended)
        .thenCompose(none -> written.thenCombine(read, Long::sum))
        .thenCompose(none -> call.ended())
        .handle(
            (none, failure) -> {
              if (step.isEcho() && failure == null) {
                check(step, null, read.join(), written.join());
              } else {
                check(step, failure, 0, 0);
              }
              return null;
            });
  }

  private void check(Step step, @Nullable Throwable failure, long actual, long expected) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RpcException || cause instanceof CancellationException) {
      return; // refused, given up, or ended by its handler
    }
    if (cause != null) {
      progress.failed(cause);
    } else if (actual != expected) {
      progress.failed(
          new AssertionError(step + ": " + actual + " bytes (expected: " + expected + ")"));
    } else {
      progress.wentWhole();
    }
  }

  private void leave(Step step, Runnable leave) {
    switch (step.leaving()) {
      case NEVER, DEADLINE -> {}
      case AT_ONCE -> leave.run();
      case WHEN_SERVED -> progress.served(step.id()).thenRun(leave);
      case WHEN_ANOTHER_ENDS -> progress.nextEnd().thenRun(leave);
    }
  }
}
