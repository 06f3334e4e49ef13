package io.muxio.rpc.caller;

import static io.muxio.rpc.caller.Outcome.assertFailed;
import static io.muxio.rpc.caller.Outcome.assertFailedWith;
import static io.muxio.rpc.caller.Wire.CANCEL;
import static io.muxio.rpc.caller.Wire.DATA;
import static io.muxio.rpc.caller.Wire.END;
import static io.muxio.rpc.caller.Wire.NOTHING;
import static io.muxio.rpc.caller.Wire.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls whose answer is no success, or cannot be used. */
class FailureTest {
  private static final byte[] SUCCESS = {0};
  private static final RpcMethod<String, String> FAILING =
      RpcMethod.unary("failing", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> BOOM =
      RpcMethod.unary("boom", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> UNKNOWN =
      RpcMethod.unary("unknown", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], String> ECHO_AS_TEXT =
      RpcMethod.unary("echo", Codec.bytes(), Codec.utf8());
  private static final RpcMethod<byte[], byte[]> SILENT =
      RpcMethod.unary("silent", Codec.bytes(), Codec.bytes());

  private CallerLink link = connect(CoreLimits.builder());

  private static CallerLink connect(CoreLimits.Builder limits) {
    return new CallerLink(
        RpcEndpoint.builder()
            .exposeErrors(true)
            .handle(
                FAILING,
                (request, call) -> {
                  throw new RpcException(RpcStatus.valueOf(request), "because of " + request);
                })
            .handle(
                BOOM,
                (request, call) -> {
                  throw new IOException(request);
                })
            .handle(ECHO, (request, call) -> request)
            .handleAsync(SILENT, (request, call) -> new CompletableFuture<>()),
        limits);
  }

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  @ParameterizedTest
  @CsvSource({
    "FAIL, FAIL",
    "SYSTEM_ERROR, SYSTEM_ERROR",
    "NOT_FOUND, NOT_FOUND",
    "CANCELLED, SYSTEM_ERROR",
    "REJECTED, SYSTEM_ERROR"
  })
  void aHandlersErrorHasStatusMethodAndDetail(String chosen, RpcStatus received) {
    assertFailed(link.call(FAILING, chosen), received, "failing", "because of " + chosen);
  }

  @Test
  void aPlainTextIsTheDetail() {
    assertFailed(link.call(BOOM, "disk full"), RpcStatus.SYSTEM_ERROR, "boom", "disk full");
  }

  @Test
  void anUnknownMethodIsToldAsSuch() {
    String detail = "the peer has no such method";
    assertFailed(link.call(UNKNOWN, "a"), RpcStatus.NOT_FOUND, "unknown", detail);
  }

  @Test
  void theDetailOfALongErrorComesWhole() {
    String text = "long ".repeat(50_000);
    assertFailed(link.call(BOOM, text), RpcStatus.SYSTEM_ERROR, "boom", text);
  }

  @Test
  void aFailureIsToldOnTheCallbackExecutor() {
    List<String> places = new ArrayList<>();
    CompletableFuture<String> future = link.send(BOOM, "a");
    future.whenComplete(
        (value, failure) -> places.add(link.callbacks.isRunning() + " " + link.loop.isRunning()));
    link.settle();
    assertThat(places).containsExactly("true false");
  }

  @ParameterizedTest
  @ValueSource(bytes = {4, 100, -1})
  void anUnknownStatusIsASystemError(byte status) {
    CompletableFuture<byte[]> future = link.send(SILENT, NOTHING);
    byte[] body = {'o', 'd', 'd'};
    link.receive(Wire.frame(1, 0, END, Wire.answer(0, new byte[] {status}, body)));
    link.callbacks.runAll();
    assertFailed(
        future, RpcStatus.SYSTEM_ERROR, "silent", "unknown status " + (status & 0xff) + ": odd");
  }

  @Test
  void anAnswerThatCannotBeDecodedIsASystemError() {
    CompletableFuture<String> future = link.call(ECHO_AS_TEXT, new byte[] {(byte) 0xff});
    assertFailed(
        future,
        RpcStatus.SYSTEM_ERROR,
        "echo",
        "the answer cannot be decoded: text that is not UTF-8");
    assertThat(Outcome.failure(future)).hasCauseInstanceOf(CodecException.class);
  }

  @Test
  void aCodecThatThrowsIsASystemError() {
    RpcMethod<byte[], String> method = RpcMethod.unary("echo", Codec.bytes(), new ThrowingCodec());
    assertFailedWith(
        link.call(method, Wire.pattern(200_000)), RpcStatus.SYSTEM_ERROR, "no luck today");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 65_536, 200_000})
  void anAnswerOfTheLimitComesAndOneByteMoreIsRefused(int limit) {
    link.close();
    link = connect(CoreLimits.builder().maxResponseSize(limit));
    CompletableFuture<byte[]> refused = link.call(ECHO, Wire.pattern(limit + 1));
    assertFailedWith(refused, RpcStatus.REJECTED, "at most " + limit);
    assertThat(link.bufferedBytes()).isZero();
    assertThat(link.pendingCalls()).isZero();
    assertThat(link.call(ECHO, Wire.pattern(limit))).isCompleted();
  }

  @Test
  void anAnswerThatDoesNotFitIntoTheBuffersIsRefused() {
    link.close();
    link = connect(CoreLimits.builder().maxBufferedBytes(100_000));
    CompletableFuture<byte[]> refused = link.call(ECHO, Wire.pattern(200_000));
    assertFailedWith(refused, RpcStatus.REJECTED, "limit 100000");
    assertThat(link.call(ECHO, Wire.pattern(90_000))).isCompleted();
  }

  @Test
  void theLimitOfAnAnswerIsNotTakenForADisconnect() {
    link.close();
    link = connect(CoreLimits.builder().maxResponseSize(10));
    CompletableFuture<byte[]> other = link.send(SILENT, NOTHING);
    link.call(ECHO, Wire.pattern(11));
    assertThat(other).as("another call").isNotDone();
    other.cancel(false);
  }

  @Test
  void anAnswerThatThePeerCancelsIsASystemError() {
    CompletableFuture<byte[]> future = link.send(SILENT, NOTHING);
    link.receive(
        Wire.frame(1, 0, OPEN, Wire.answer(0, SUCCESS, new byte[5000])),
        Wire.frame(1, 1, CANCEL, NOTHING));
    assertThat(link.bufferedBytes()).isZero();
    link.callbacks.runAll();
    assertFailed(future, RpcStatus.SYSTEM_ERROR, "silent", "the peer cancelled its answer");
  }

  @Test
  void aBrokenAnswerFailsItsCallOnly() {
    CompletableFuture<byte[]> broken = link.send(SILENT, NOTHING);
    CompletableFuture<byte[]> other = link.send(SILENT, NOTHING);
    link.receive(
        Wire.frame(1, 0, OPEN, Wire.answer(0, SUCCESS, new byte[10])),
        Wire.frame(1, 0, DATA, NOTHING));
    link.callbacks.runAll();
    assertThat(Outcome.failure(broken).detail()).contains("sequence 0");
    assertThat(other).isNotDone();
    assertThat(link.bufferedBytes()).isZero();
    other.cancel(false);
  }

  @Test
  void aDisconnectFailsTheCallsThatWait() {
    CompletableFuture<byte[]> first = link.send(SILENT, NOTHING);
    CompletableFuture<byte[]> second = link.send(SILENT, NOTHING);
    link.disconnect(new IOException("connection reset"));
    assertThat(first).as("not on the connection's thread").isNotDone();
    link.callbacks.runAll();
    assertFailed(first, RpcStatus.DISCONNECTED, "silent", "connection reset");
    assertFailed(second, RpcStatus.DISCONNECTED, "silent", "connection reset");
    assertThat(Outcome.failure(first)).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aDisconnectInTheMiddleOfAnAnswerReleasesIt() {
    CompletableFuture<byte[]> future = link.send(ECHO, Wire.pattern(200_000));
    link.deliverOne();
    link.deliverOne();
    assertThat(link.bufferedBytes()).isPositive();
    link.disconnect(new IOException("connection reset"));
    assertThat(link.bufferedBytes()).isZero();
    link.settle();
    assertFailed(future, RpcStatus.DISCONNECTED, "echo", "connection reset");
    assertThat(link.memory()).isZero();
  }

  @Test
  void anAnswerThatCameBeforeTheDisconnectCounts() {
    CompletableFuture<byte[]> future = link.send(ECHO, new byte[3]);
    link.deliverAnswers();
    link.disconnect(new IOException("connection reset"));
    link.callbacks.runAll();
    assertThat(future).isCompletedWithValueMatching(answer -> answer.length == 3);
  }

  private static final class ThrowingCodec implements Codec<String> {
    @Override
    public ByteBuf encode(String value, ByteBufAllocator allocator) {
      return Unpooled.EMPTY_BUFFER;
    }

    @Override
    public String decode(ByteBuf bytes) {
      throw new UnsupportedOperationException("no luck today");
    }
  }
}
