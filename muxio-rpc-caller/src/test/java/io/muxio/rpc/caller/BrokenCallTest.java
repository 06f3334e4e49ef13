package io.muxio.rpc.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.ProtocolException;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Calls that cannot be made or whose answer is broken fail, each for itself, where users expect it.
 */
class BrokenCallTest {
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> SILENT =
      RpcMethod.unary("silent", Codec.bytes(), Codec.bytes());

  private final List<String> places = new ArrayList<>();
  private final CallerLink link =
      new CallerLink(
          RpcEndpoint.builder()
              .handle(ECHO, (request, call) -> request)
              .handleAsync(SILENT, (request, call) -> new CompletableFuture<>()),
          CoreLimits.builder().maxPendingCalls(1));

  @AfterEach
  void disconnect() {
    link.close();
  }

  private void notePlace(CompletableFuture<?> future) {
    future.whenComplete(
        (value, failure) ->
            places.add(link.loop.isRunning() ? "connection's thread" : "callback executor"));
  }

  @Test
  void aRejectedCallIsToldOnTheCallbackExecutor() {
    link.send(SILENT, new byte[1]);
    notePlace(link.caller.call(SILENT, new byte[1]));
    link.settle();
    assertThat(places).containsExactly("callback executor");
  }

  @Test
  void aCallAfterTheEndIsToldOnTheCallbackExecutor() {
    link.disconnect(new IOException("connection reset"));
    notePlace(link.caller.call(SILENT, new byte[1]));
    link.settle();
    assertThat(places).containsExactly("callback executor");
  }

  @Test
  void anErrorOfTheCodecFailsTheCall() {
    RpcMethod<byte[], String> method = RpcMethod.unary("echo", Codec.bytes(), new DeepCodec());
    CompletableFuture<String> future = link.send(method, new byte[1]);
    link.deliverAnswers();
    try {
      link.callbacks.runAll();
    } catch (StackOverflowError e) {
      places.add("the executor's thread gets it");
    }
    assertThat(future).as("has an outcome, %s", places).isDone();
  }

  @Test
  void theEndOfAConnectionWithoutMessageIsNotNull() {
    CompletableFuture<byte[]> future = link.send(SILENT, new byte[1]);
    link.disconnect(new ClosedChannelException());
    link.settle();
    assertThat(Outcome.failure(future)).message().doesNotContain("null");
  }

  @Test
  void anErrorOfTheConnectionIsADisconnect() {
    CompletableFuture<byte[]> future = link.send(SILENT, new byte[1]);
    link.disconnect(
        ProtocolException.connection(
            ProtocolException.Reason.UNKNOWN_FRAME_KIND, "frame kind: 9 (expected: 0 to 5)"));
    link.settle();
    assertThat(Outcome.failure(future).status()).isEqualTo(RpcStatus.DISCONNECTED);
  }

  /** What {@code future.orTimeout(…)} does when the time is over. */
  @Test
  void aCallThatTheUserTimedOutLeavesItsPlaceToAnother() {
    CompletableFuture<byte[]> future = link.send(SILENT, new byte[1]);
    future.completeExceptionally(new TimeoutException());
    link.settle();
    assertThat(link.pendingCalls()).isZero();
  }

  @Test
  void aRequestThatWasReleasedFailsItsOwnCallOnly() {
    RpcMethod<ByteBuf, byte[]> echo = RpcMethod.unary("echo", Codec.byteBuf(), Codec.bytes());
    ByteBuf released = link.buffer(Wire.pattern(10));
    released.release();
    CompletableFuture<byte[]> broken = link.caller.call(echo, released);
    link.settle();
    assertThat(broken).as("the broken call").isCompletedExceptionally();
    assertThat(link.pendingCalls()).isZero();
    assertThat(link.call(ECHO, new byte[1])).as("the next call").isCompleted();
  }

  private static final class DeepCodec implements Codec<String> {
    @Override
    public ByteBuf encode(String value, ByteBufAllocator allocator) {
      throw new StackOverflowError();
    }

    @Override
    public String decode(ByteBuf bytes) {
      throw new StackOverflowError();
    }
  }
}
