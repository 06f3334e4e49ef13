package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unary calls that fail; the connection goes on after each. */
abstract class FailureContract extends ContractTests {
  private static final RpcMethod<String, String> FAILS =
      RpcMethod.unary("contract.fails", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<byte[], byte[]> WAITS =
      RpcMethod.unary("contract.waits", Codec.bytes(), Codec.bytes());

  FailureContract(Connector connector) {
    super(connector);
  }

  /** Takes no bytes at all. */
  private static final class Picky implements Codec<byte[]> {
    @Override
    public ByteBuf encode(byte[] value, ByteBufAllocator allocator) {
      throw new CodecException("nothing can be encoded");
    }

    @Override
    public byte[] decode(ByteBuf bytes) {
      throw new CodecException("nothing can be decoded");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownMethodIsNotFound(Direction direction) throws Exception {
    connect();
    for (int size : new int[] {0, 10, 1 << 20}) {
      assertFailed(caller(direction).call(WAITS, new byte[size]), RpcStatus.NOT_FOUND);
    }
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SUCCESS")
  void aHandlerChoosesStatusAndText(RpcStatus status) throws Exception {
    onBoth(
        end ->
            end.handle(
                FAILS,
                (text, call) -> {
                  throw new RpcException(status, text);
                }));
    connect();
    for (Direction direction : Direction.values()) {
      String text = "why, in " + direction + " ✓";
      RpcException failure = failureOf(caller(direction).call(FAILS, text));
      assertThat(failure.status())
          .isEqualTo(status == RpcStatus.OVERLOADED ? refused() : RpcStatus.of(status.onWire()));
      assertThat(failure.detail()).isEqualTo(text);
      assertThat(failure.method()).isEqualTo(FAILS.name());
    }
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void ofAnExceptionTheCallerLearnsNoDetail(Direction direction) throws Exception {
    callee(direction)
        .handle(
            FAILS,
            (text, call) -> {
              throw new IOException("the password is " + text);
            });
    connect();
    RpcException failure = failureOf(caller(direction).call(FAILS, "1234"));
    assertFailed(failure, RpcStatus.SYSTEM_ERROR, "internal error");
    assertThat(failure).hasMessageNotContaining("1234");
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void aRequestThatCannotBeDecodedIsRefused(Direction direction) throws Exception {
    callee(direction)
        .handle(
            RpcMethod.unary(WAITS.name(), new Picky(), Codec.bytes()), (request, call) -> request);
    connect();
    assertFailed(
        caller(direction).call(WAITS, new byte[] {1}),
        RpcStatus.SYSTEM_ERROR,
        "the request cannot be decoded",
        "nothing can be decoded");
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatCannotBeDecodedFailsTheCall(Direction direction) throws Exception {
    connect();
    RpcMethod<byte[], byte[]> picky = RpcMethod.unary(ECHO.name(), Codec.bytes(), new Picky());
    assertFailed(
        caller(direction).call(picky, new byte[] {1}),
        RpcStatus.SYSTEM_ERROR,
        "the answer cannot be decoded",
        "nothing can be decoded");
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeEncodedIsNotSent(Direction direction) throws Exception {
    connect();
    RpcMethod<byte[], byte[]> picky = RpcMethod.unary(ECHO.name(), new Picky(), Codec.bytes());
    assertThatThrownBy(() -> caller(direction).call(picky, new byte[] {1}))
        .isInstanceOf(CodecException.class);
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void aCallEndsAtItsDeadlineAndItsLateAnswerIsDropped(Direction direction) throws Exception {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    callee(direction).handleAsync(WAITS, (request, call) -> answer);
    connect();
    assertFailed(
        caller(direction).call(WAITS, new byte[1], CallOptions.deadline(Duration.ofMillis(50))),
        RpcStatus.DEADLINE_EXCEEDED,
        "PT0.05S");
    answer.complete(new byte[100_000]);
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatIsCancelledIsForgottenAndItsLateAnswerDropped(Direction direction)
      throws Exception {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    CountDownLatch begun = new CountDownLatch(1);
    callee(direction)
        .handleAsync(
            WAITS,
            (request, call) -> {
              begun.countDown();
              return answer;
            });
    connect();
    CompletableFuture<byte[]> call = caller(direction).call(WAITS, new byte[1]);
    await(begun);
    assertThat(call.cancel(true)).isTrue();
    answer.complete(new byte[100_000]);
    assertConnected();
  }
}
