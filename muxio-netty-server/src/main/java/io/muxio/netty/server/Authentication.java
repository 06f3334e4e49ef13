package io.muxio.netty.server;

import io.muxio.netty.ConnectionConfig;
import io.muxio.netty.SerialExecutor;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's question to the authenticator. It is asked on the handler executor and taken an
 * answer of once, whatever the authenticator does. Safe to use from any thread.
 */
final class Authentication {
  private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

  private final Authenticator authenticator;
  private final HandshakeRequest request;
  private final ConnectionConfig config;
  private final CompletableFuture<Admission> answer = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  Authentication(Authenticator authenticator, HandshakeRequest request, ConnectionConfig config) {
    this.authenticator = authenticator;
    this.request = request;
    this.config = config;
  }

  /**
   * Asks.
   *
   * @param loop of the client's channel
   * @param outcome is told on the loop; a refusal where the authenticator fails, whose reason is
   *     logged then. Not told once the question is cancelled
   */
  void start(Executor loop, Consumer<Admission> outcome) {
    answer.thenAccept(admission -> onLoop(loop, () -> outcome.accept(admission)));
    try {
      config.handlerExecutor().execute(this::ask);
    } catch (Throwable e) {
      logger.warn(
          "{}: not authenticated, there is no thread for it: {}",
          request.remoteAddress(),
          e.toString());
      answer.complete(Admission.refuse(HttpResponseStatus.SERVICE_UNAVAILABLE));
      over.complete(null);
    }
  }

  /**
   * When the authenticator does nothing for the client any more, which may have left long before.
   *
   * @return done then; never fails
   */
  CompletableFuture<Void> over() {
    return over;
  }

  private static void onLoop(Executor loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The loop has terminated, and its channels with it.
    }
  }

  /** Nobody waits for the answer any more. */
  void cancel() {
    answer.cancel(false);
  }

  private void ask() {
    if (answer.isDone()) {
      over.complete(null);
      return; // the client has left, and a server that closes runs what has waited for a thread
    }
    try {
      CompletionStage<Admission> saying = authenticator.authenticate(request);
      if (saying == null) {
        failed(new IllegalStateException("it returned null (expected: a CompletionStage)"));
        over.complete(null);
        return;
      }
      saying.whenComplete(this::said).whenComplete((admission, failure) -> over.complete(null));
      answer.whenComplete((admission, failure) -> cancelIfLate(saying));
    } catch (Throwable e) {
      failed(e);
      over.complete(null);
    }
  }

  private void said(@Nullable Admission admission, @Nullable Throwable failure) {
    if (failure != null) {
      Throwable cause = failure.getCause();
      failed(failure instanceof CompletionException && cause != null ? cause : failure);
    } else if (admission == null) {
      failed(new IllegalStateException("it answered null (expected: an Admission)"));
    } else {
      answer.complete(admission);
    }
  }

  private void failed(Throwable cause) {
    if (answer.complete(Admission.refuse(HttpResponseStatus.INTERNAL_SERVER_ERROR))) {
      logger.error("{}: the authenticator failed", request.remoteAddress(), cause);
    }
  }

  /** What depends on the user's future does not run on the event loop, which has cancelled. */
  private void cancelIfLate(CompletionStage<Admission> saying) {
    if (answer.isCancelled()) {
      new SerialExecutor(config.callbackExecutor()).execute(() -> cancel(saying));
    }
  }

  private void cancel(CompletionStage<Admission> saying) {
    try {
      saying.toCompletableFuture().cancel(false);
    } catch (Throwable e) {
      logger.debug(
          "{}: the authenticator's answer cannot be cancelled", request.remoteAddress(), e);
    }
  }
}
