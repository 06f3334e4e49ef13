package io.muxio.rpc.caller;

import static io.muxio.rpc.caller.Outcome.assertFailed;
import static io.muxio.rpc.caller.Outcome.assertFailedWith;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that this end refuses, and executors that take no more tasks. */
class RefusedTest {
  private static final RpcMethod<ByteBuf, ByteBuf> PASS =
      RpcMethod.unary("pass", Codec.byteBuf(), Codec.byteBuf());
  private static final RpcMethod<ByteBuf, byte[]> SILENT =
      RpcMethod.unary("silent", Codec.byteBuf(), Codec.bytes());

  private CallerLink link;

  private static RpcEndpoint.Builder endpoint() {
    return RpcEndpoint.builder()
        .handle(PASS, (request, call) -> request)
        .handleAsync(
            SILENT,
            (request, call) -> {
              request.release();
              return new CompletableFuture<>();
            });
  }

  private void connect(CoreLimits.Builder limits) {
    link = new CallerLink(endpoint(), limits);
  }

  private ByteBuf request() {
    return link.buffer(Wire.pattern(1000));
  }

  @AfterEach
  void nothingIsLeft() {
    link.callbacks.reject(false);
    link.loop.reject(false);
    link.finish();
  }

  @Test
  void oneCallTooManyIsRejectedUntilAnotherIsOver() {
    connect(CoreLimits.builder().maxPendingCalls(2));
    List<CompletableFuture<byte[]>> waiting = new ArrayList<>();
    waiting.add(link.send(SILENT, request()));
    waiting.add(link.send(SILENT, request()));
    int sent = link.requests();
    CompletableFuture<byte[]> refused = link.call(SILENT, request());
    assertFailed(
        refused,
        RpcStatus.REJECTED,
        "silent",
        "2 calls wait for an answer, limit 2 (maxPendingCalls)");
    assertThat(Outcome.failure(refused).mayHaveReachedPeer()).isFalse();
    assertThat(link.requests()).as("nothing was sent").isEqualTo(sent);
    waiting.get(0).cancel(false);
    link.loop.runAll();
    CompletableFuture<ByteBuf> served = link.call(PASS, request());
    served.join().release();
    waiting.get(1).cancel(false);
  }

  @Test
  void aRequestThatMayNotWaitForAPeerThatDoesNotReadIsRejected() {
    connect(CoreLimits.builder());
    link.thread.outboundRoom(999);
    assertFailed(
        link.call(PASS, request()),
        RpcStatus.REJECTED,
        "pass",
        "the request of 1000 bytes is more than may still wait for the peer (maxOutboundBytes)");
    link.thread.outboundRoom(1000);
    link.call(PASS, request()).join().release();
  }

  @Test
  void aCallAfterTheEndIsDisconnected() {
    connect(CoreLimits.builder());
    IOException end = new IOException("connection reset");
    link.disconnect(end);
    CompletableFuture<byte[]> future = link.call(SILENT, request());
    assertFailed(future, RpcStatus.DISCONNECTED, "silent", "the connection is closed");
    assertThat(Outcome.failure(future).mayHaveReachedPeer()).isFalse();
    assertThat(Outcome.failure(future)).hasRootCause(end);
    assertThat(link.memory()).isZero();
  }

  @Test
  void aCallThatTheEndOvertakesIsDisconnected() {
    connect(CoreLimits.builder());
    CompletableFuture<byte[]> future = link.caller.call(SILENT, request());
    link.disconnect(new IOException("connection reset"));
    assertThat(future).isNotDone();
    link.settle();
    assertFailed(future, RpcStatus.DISCONNECTED, "silent", "the connection is closed");
    assertThat(Outcome.failure(future).mayHaveReachedPeer()).isFalse();
    assertThat(link.memory()).isZero();
  }

  @Test
  void aCallForAThreadThatIsGoneIsDisconnected() {
    connect(CoreLimits.builder());
    link.disconnect(new IOException("connection reset"));
    link.loop.reject(true);
    CompletableFuture<byte[]> future = link.caller.call(SILENT, request());
    link.settle();
    assertFailed(future, RpcStatus.DISCONNECTED, "silent", "the connection is closed");
    assertThat(Outcome.failure(future).mayHaveReachedPeer()).isFalse();
    assertThat(link.memory()).isZero();
  }

  @Test
  void aPeerOfUnknownGenerationIsCalledWhenItHasSpoken() {
    link = CallerLink.withoutGeneration(endpoint());
    CompletableFuture<ByteBuf> early = link.call(PASS, request());
    CompletableFuture<ByteBuf> givenUp = link.call(PASS, request());
    givenUp.cancel(false);
    link.settle();
    assertThat(early).isNotDone();
    link.receive(Wire.frame(0, 0, Wire.PONG, Wire.NOTHING));
    link.settle();
    early.join().release();
    assertThat(link.pendingCalls()).isZero();
  }

  @Test
  void aPeerThatNeverSpokeFailsItsCallsWithTheConnection() {
    link = CallerLink.withoutGeneration(endpoint());
    CompletableFuture<ByteBuf> early = link.call(PASS, request());
    link.disconnect(new IOException("connection reset"));
    link.settle();
    assertFailed(early, RpcStatus.DISCONNECTED, "pass", "connection reset");
    assertThat(link.memory()).isZero();
  }

  @Test
  void anAnswerThatTheCallbackExecutorRefusesIsReleased() {
    connect(CoreLimits.builder());
    CompletableFuture<ByteBuf> future = link.send(PASS, link.buffer(Wire.pattern(200_000)));
    link.callbacks.reject(true);
    link.deliverAnswers();
    assertFailedWith(future, RpcStatus.REJECTED, "callback executor");
    assertThat(link.memory()).isZero();
    assertThat(link.bufferedBytes()).isZero();
  }

  @Test
  void aFailureThatTheCallbackExecutorRefusesIsToldAllTheSame() {
    connect(CoreLimits.builder());
    CompletableFuture<byte[]> future = link.send(SILENT, request());
    link.callbacks.reject(true);
    link.disconnect(new IOException("connection reset"));
    assertFailed(future, RpcStatus.DISCONNECTED, "silent", "connection reset");
    assertThat(Outcome.failure(future).mayHaveReachedPeer()).as("it was sent").isTrue();
  }
}
