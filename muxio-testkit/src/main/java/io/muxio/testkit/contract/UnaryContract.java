package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.FrameFormat;
import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unary calls that succeed. */
abstract class UnaryContract extends ContractTests {
  private static final int CALLS = 1000;
  private static final int LARGE_CALLS = 100;
  private static final int DEPTH = 10;
  private static final RpcMethod<String, String> CALL_BACK =
      RpcMethod.unary("contract.call_back", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<byte[], byte[]> ECHO_ASYNC =
      RpcMethod.unary("contract.echo_async", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<ByteBuf, ByteBuf> ECHO_BUFFER =
      RpcMethod.unary("contract.echo_buffer", Codec.byteBuf(), Codec.byteBuf());

  UnaryContract(Connector connector) {
    super(connector);
  }

  /** Around what fits into the parameters, a frame, and a frame with headers. */
  private static IntStream sizes() {
    return IntStream.concat(
        IntStream.of(0, 1, 2, 255, 4096), IntStream.rangeClosed(65_519, 65_553));
  }

  @ParameterizedTest
  @EnumSource
  void everySizeArrivesAsItWasSent(FrameFormat format) throws Exception {
    connect(PairOptions.DEFAULT.with(format));
    for (Direction direction : Direction.values()) {
      for (int size : sizes().toArray()) {
        byte[] sent = Chunks.pattern(size, size);
        assertThat(get(caller(direction).call(ECHO, sent)))
            .as("%s, %s", direction, size)
            .isEqualTo(sent);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void largeRequestsAndAnswersArrive(Direction direction) throws Exception {
    connect();
    for (int size : new int[] {1 << 20, 16 << 20}) {
      byte[] sent = Chunks.pattern(7, size);
      assertThat(get(caller(direction).call(ECHO, sent))).isEqualTo(sent);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThousandCallsAtOnceInBothDirections(FrameFormat format) throws Exception {
    connect(PairOptions.DEFAULT.with(format));
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (int call = 0; call < CALLS; call++) {
      for (Direction direction : Direction.values()) {
        answers.add(caller(direction).call(ECHO, Chunks.pattern(call, call)));
      }
    }
    for (int index = 0; index < answers.size(); index++) {
      int call = index / 2;
      assertThat(get(answers.get(index))).as("call %s", call).isEqualTo(Chunks.pattern(call, call));
    }
  }

  /** Each end writes more than the other can take without reading on. */
  @Test
  void largeCallsInBothDirectionsDoNotWaitForEachOther() throws Exception {
    connect();
    byte[] sent = Chunks.pattern(1, 1 << 18);
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (int call = 0; call < LARGE_CALLS; call++) {
      for (Direction direction : Direction.values()) {
        answers.add(caller(direction).call(ECHO, sent));
      }
    }
    for (CompletableFuture<byte[]> answer : answers) {
      assertThat(get(answer)).isEqualTo(sent);
    }
  }

  @ParameterizedTest
  @EnumSource
  void handlersCallBackEachOther(FrameFormat format) throws Exception {
    onBoth(end -> end.handle(CALL_BACK, UnaryContract::callBack));
    connect(PairOptions.DEFAULT.with(format));
    for (Direction direction : Direction.values()) {
      assertThat(get(caller(direction).call(CALL_BACK, "x"))).isEqualTo("x".repeat(DEPTH));
    }
  }

  private static String callBack(String text, CallContext call) throws Exception {
    return text.length() == DEPTH
        ? text
        : get(call.connection().caller().call(CALL_BACK, text + "x"));
  }

  @ParameterizedTest
  @EnumSource
  void handlersAnswerFromTheConnectionsThreadAndLater(ExecutionMode mode) throws Exception {
    onBoth(
        end ->
            end.handleAsync(
                ECHO_ASYNC,
                (request, call) -> call.connection().caller().call(ECHO, request),
                mode));
    connect();
    for (Direction direction : Direction.values()) {
      byte[] sent = Chunks.pattern(3, 100_000);
      assertThat(get(caller(direction).call(ECHO_ASYNC, sent))).isEqualTo(sent);
    }
  }

  @ParameterizedTest
  @EnumSource
  void buffersBelongToWhoGetsThem(Direction direction) throws Exception {
    callee(direction).handle(ECHO_BUFFER, (request, call) -> request);
    connect();
    for (int size : new int[] {0, 10, 65_536, 1 << 20}) {
      byte[] sent = Chunks.pattern(5, size);
      ByteBuf answer = get(caller(direction).call(ECHO_BUFFER, Chunks.buffer(sent)));
      try {
        assertThat(ByteBufUtil.getBytes(answer)).isEqualTo(sent);
      } finally {
        answer.release();
      }
    }
  }

  /** It has to learn how to write to its client. */
  @ParameterizedTest
  @EnumSource
  void aCallOfTheServerWaitsForTheClientsFirstMessage(FrameFormat format) throws Exception {
    connectSilently(PairOptions.DEFAULT.with(format));
    CompletableFuture<byte[]> early = caller(Direction.TO_CLIENT).call(ECHO, new byte[] {7});
    assertThat(get(caller(Direction.TO_SERVER).call(ECHO, new byte[] {8}))).containsExactly(8);
    assertThat(get(early)).containsExactly(7);
  }

  @Test
  void theHandlerKnowsItsConnection() throws Exception {
    RpcMethod<String, String> whoAmI =
        RpcMethod.unary("contract.who_am_i", Codec.utf8(), Codec.utf8());
    onBoth(
        end ->
            end.handle(
                whoAmI, (text, call) -> call.connection().id() + " " + call.remoteAddress()));
    connect();
    assertThat(pair().server().remoteAddress()).as("of the client").isNotNull();
    assertThat(pair().client().remoteAddress()).as("of the server").isNotNull();
    assertThat(get(caller(Direction.TO_SERVER).call(whoAmI, "")))
        .isEqualTo(pair().server().id() + " " + pair().server().remoteAddress());
    assertThat(get(caller(Direction.TO_CLIENT).call(whoAmI, "")))
        .isEqualTo(pair().client().id() + " " + pair().client().remoteAddress());
  }
}
