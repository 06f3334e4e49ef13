package io.muxio.rpc.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The future of a call is cancelled, at every moment of the call's life. */
class CancelTest {
  private static final RpcMethod<ByteBuf, ByteBuf> PASS =
      RpcMethod.unary("pass", Codec.byteBuf(), Codec.byteBuf());
  private static final RpcMethod<ByteBuf, ByteBuf> SILENT =
      RpcMethod.unary("silent", Codec.byteBuf(), Codec.byteBuf());

  private final CallerLink link =
      new CallerLink(
          RpcEndpoint.builder()
              .handle(PASS, (request, call) -> request)
              .handleAsync(
                  SILENT,
                  (request, call) -> {
                    request.release();
                    return new CompletableFuture<>();
                  }),
          CoreLimits.builder().maxPendingCalls(4));

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  private ByteBuf large() {
    return link.buffer(Wire.pattern(300_000));
  }

  private void assertNothingIsHeld() {
    assertThat(link.pendingCalls()).isZero();
    assertThat(link.bufferedBytes()).isZero();
    assertThat(link.memory()).isZero();
  }

  @Test
  void beforeItIsSentNothingIsSent() {
    CompletableFuture<ByteBuf> future = link.caller.call(PASS, large());
    assertThat(future.cancel(true)).isTrue();
    link.settle();
    assertThat(link.requests()).isZero();
    assertNothingIsHeld();
  }

  @Test
  void whileItWaitsItsLateAnswerIsDropped() {
    CompletableFuture<ByteBuf> future = link.send(PASS, large());
    future.cancel(true);
    assertThat(link.pendingCalls()).as("the connection's thread has not heard").isEqualTo(1);
    link.loop.runAll();
    assertThat(link.pendingCalls()).isZero();
    assertThat(link.answersOnTheirWay()).isPositive();
    link.deliverAnswers();
    assertThat(link.callbacks.waiting()).isZero();
    assertNothingIsHeld();
  }

  @Test
  void nothingIsSentToThePeerForIt() {
    CompletableFuture<ByteBuf> future = link.send(SILENT, link.buffer(new byte[1]));
    int sent = link.requests();
    future.cancel(true);
    link.settle();
    assertThat(link.requests()).isEqualTo(sent);
  }

  @Test
  void whileTheAnswerComesItsPiecesAreReleased() {
    CompletableFuture<ByteBuf> future = link.send(PASS, large());
    link.deliverOne();
    link.deliverOne();
    assertThat(link.bufferedBytes()).isPositive();
    future.cancel(true);
    link.loop.runAll();
    assertThat(link.bufferedBytes()).isZero();
    assertThat(link.pendingCalls()).isZero();
    link.deliverAnswers();
    assertThat(link.callbacks.waiting()).isZero();
    assertNothingIsHeld();
  }

  @Test
  void anAnswerThatOvertakesTheCancelIsReleased() {
    CompletableFuture<ByteBuf> future = link.send(PASS, large());
    future.cancel(true);
    link.deliverAnswers();
    link.callbacks.runAll();
    assertNothingIsHeld();
    link.loop.runAll();
    assertNothingIsHeld();
  }

  @Test
  void anAnswerThatWaitsForItsCallbackIsReleased() {
    CompletableFuture<ByteBuf> future = link.send(PASS, large());
    link.deliverAnswers();
    assertThat(link.memory()).isPositive();
    assertThat(future.cancel(true)).isTrue();
    link.settle();
    assertNothingIsHeld();
  }

  @Test
  void afterTheAnswerItIsTooLate() {
    CompletableFuture<ByteBuf> future = link.call(PASS, large());
    assertThat(future.cancel(true)).isFalse();
    link.settle();
    future.join().release();
    assertNothingIsHeld();
  }

  @Test
  void onTheConnectionsThreadItTakesEffectAtOnce() {
    CompletableFuture<ByteBuf> future = link.send(SILENT, link.buffer(new byte[1]));
    link.loop.run(() -> future.cancel(true));
    assertThat(link.pendingCalls()).isZero();
    assertThat(link.loop.waiting()).isZero();
  }

  @Test
  void aCancelledCallLeavesItsPlaceToAnother() {
    for (int i = 0; i < 20; i++) {
      CompletableFuture<ByteBuf> future = link.send(SILENT, link.buffer(new byte[1]));
      assertThat(future).isNotDone();
      future.cancel(true);
      link.loop.runAll();
    }
    link.call(PASS, large()).join().release();
  }

  @Test
  void whileTheConnectionEndsTheOutcomeIsTheCancel() {
    CompletableFuture<ByteBuf> future = link.send(SILENT, link.buffer(new byte[1]));
    future.cancel(true);
    link.disconnect(new IOException("connection reset"));
    link.settle();
    assertThat(future).isCancelled();
    assertNothingIsHeld();
  }

  @Test
  void afterTheConnectionsThreadIsGoneItIsHarmless() {
    CompletableFuture<ByteBuf> future = link.send(SILENT, link.buffer(new byte[1]));
    link.disconnect(new IOException("connection reset"));
    link.loop.reject(true);
    assertThat(future.cancel(true)).isTrue();
    link.loop.reject(false);
    link.settle();
    assertNothingIsHeld();
  }

  @Test
  void whoWaitsIsToldOnceAndAtOnce() {
    List<Throwable> failures = new ArrayList<>();
    CompletableFuture<ByteBuf> future = link.send(PASS, large());
    future.whenComplete((value, failure) -> failures.add(failure));
    future.cancel(true);
    assertThat(failures).hasSize(1).first().isInstanceOf(CancellationException.class);
    link.settle();
    assertThat(failures).hasSize(1);
  }

  @Test
  void aFutureThatTheUserCompletesReleasesTheAnswer() {
    CompletableFuture<ByteBuf> future = link.send(PASS, large());
    future.completeExceptionally(new IOException("the user's"));
    link.settle();
    assertNothingIsHeld();
  }
}
