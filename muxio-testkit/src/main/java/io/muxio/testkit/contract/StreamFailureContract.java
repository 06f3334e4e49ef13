package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.StreamHandler;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streaming calls that fail; the connection goes on after each. */
abstract class StreamFailureContract extends ContractTests {
  private static final StreamMethod METHOD = StreamMethod.of("contract.stream");

  StreamFailureContract(Connector connector) {
    super(connector);
  }

  private static byte[] next(StreamCall call) throws Exception {
    return get(
        Chunks.later(
            () -> {
              ByteBuf chunk = Objects.requireNonNull(call.response().read(), "chunk");
              byte[] bytes = ByteBufUtil.getBytes(chunk);
              chunk.release();
              return bytes;
            }));
  }

  private static void writeForEver(StreamCall call) throws InterruptedException {
    while (true) {
      call.request().write(Chunks.buffer(new byte[1000]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownMethodIsNotFound(Direction direction) throws Exception {
    connect();
    StreamCall call = caller(direction).open(METHOD);
    assertFailed(Chunks.readLater(call.response()), RpcStatus.NOT_FOUND);
    assertFailed(Chunks.run(() -> writeForEver(call)), RpcStatus.NOT_FOUND);
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SUCCESS")
  void aHandlerFailsBeforeItsFirstChunk(RpcStatus status) throws Exception {
    onBoth(
        end ->
            end.handleStream(
                METHOD,
                (request, response, call) -> {
                  throw new RpcException(status, "before");
                }));
    connect();
    for (Direction direction : Direction.values()) {
      StreamCall call = caller(direction).open(METHOD);
      RpcStatus told = status == RpcStatus.OVERLOADED ? refused() : RpcStatus.of(status.onWire());
      assertFailed(Chunks.readLater(call.response()), told, "before");
      assertFailed(Chunks.run(() -> writeForEver(call)), told, "before");
    }
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SUCCESS")
  void aHandlerFailsAfterItsFirstChunk(RpcStatus status) throws Exception {
    onBoth(
        end ->
            end.handleStream(
                METHOD,
                (request, response, call) -> {
                  response.write(Chunks.buffer(new byte[] {1, 2}));
                  Objects.requireNonNull(request.read(), "chunk").release(); // the caller has it
                  throw new RpcException(status, "after");
                }));
    connect();
    for (Direction direction : Direction.values()) {
      StreamCall call = caller(direction).open(METHOD);
      assertThat(next(call)).containsExactly(1, 2);
      call.request().write(Chunks.buffer(new byte[] {3}));
      RpcStatus told = RpcStatus.of(status.onWire());
      assertFailed(Chunks.readLater(call.response()), told, "after");
      assertFailed(Chunks.run(() -> writeForEver(call)), told, "after");
    }
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void ofAnExceptionTheCallerLearnsNoDetail(Direction direction) throws Exception {
    callee(direction)
        .handleStream(
            METHOD,
            (request, response, call) -> {
              throw new IOException("the password is 1234");
            });
    connect();
    StreamCall call = caller(direction).open(METHOD);
    RpcException failure = failureOf(Chunks.readLater(call.response()));
    assertFailed(failure, RpcStatus.SYSTEM_ERROR, "internal error");
    assertThat(failure).hasMessageNotContaining("1234");
    assertConnected();
  }

  /** What a handler gets of a call that its caller gives up in the middle. */
  private StreamHandler echoUntilCancelled(
      CompletableFuture<Void> reader, CountDownLatch cancelled) {
    return (request, response, call) -> {
      call.onCancel(cancelled::countDown);
      try {
        Chunks.echo(request, response);
        reader.complete(null);
      } catch (RpcException e) {
        reader.completeExceptionally(e);
        throw e;
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void aCallerCancelsInTheMiddle(Direction direction) throws Exception {
    CompletableFuture<Void> reader = new CompletableFuture<>();
    CountDownLatch cancelled = new CountDownLatch(1);
    callee(direction).handleStream(METHOD, echoUntilCancelled(reader, cancelled));
    connect();
    StreamCall call = caller(direction).open(METHOD);
    call.request().write(Chunks.buffer(new byte[] {1}));
    assertThat(next(call)).containsExactly(1);
    call.cancel();
    assertFailed(Chunks.readLater(call.response()), RpcStatus.CANCELLED);
    assertFailed(Chunks.run(() -> writeForEver(call)), RpcStatus.CANCELLED);
    await(cancelled);
    assertFailed(reader, RpcStatus.CANCELLED, "the caller cancelled the call");
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void aCallEndsAtItsDeadline(Direction direction) throws Exception {
    CompletableFuture<Void> reader = new CompletableFuture<>();
    CountDownLatch cancelled = new CountDownLatch(1);
    callee(direction).handleStream(METHOD, echoUntilCancelled(reader, cancelled));
    connect();
    StreamCall call =
        caller(direction).open(METHOD, new byte[0], CallOptions.deadline(Duration.ofMillis(100)));
    assertFailed(Chunks.readLater(call.response()), RpcStatus.DEADLINE_EXCEEDED, "PT0.1S");
    assertFailed(Chunks.run(() -> writeForEver(call)), RpcStatus.DEADLINE_EXCEEDED);
    await(cancelled);
    // Where the deadline has travelled, both ends look at their own clocks.
    assertThat(failureOf(reader).status())
        .isIn(RpcStatus.CANCELLED, extension ? RpcStatus.DEADLINE_EXCEEDED : RpcStatus.CANCELLED);
    assertConnected();
  }
}
