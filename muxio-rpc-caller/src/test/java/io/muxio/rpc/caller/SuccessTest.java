package io.muxio.rpc.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.bitcode.Bitcode;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are answered. */
class SuccessTest {
  private static final RpcMethod<double[], Double> SUM =
      RpcMethod.unary("sum", Codec.bitcode(Bitcode.f64Array()), Codec.bitcode(Bitcode.f64()));
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<ByteBuf, ByteBuf> PASS =
      RpcMethod.unary("pass", Codec.byteBuf(), Codec.byteBuf());
  private static final RpcMethod<String, String> LATER =
      RpcMethod.unary("later", Codec.utf8(), Codec.utf8());

  private record Held(String request, CompletableFuture<String> answer) {}

  private final List<Held> held = new ArrayList<>();
  private final CallerLink link =
      new CallerLink(
          RpcEndpoint.builder()
              .handle(SUM, (numbers, call) -> DoubleStream.of(numbers).sum())
              .handle(ECHO, (request, call) -> request)
              .handle(PASS, (request, call) -> request)
              .handleAsync(
                  LATER,
                  (request, call) -> {
                    held.add(new Held(request, new CompletableFuture<>()));
                    return held.get(held.size() - 1).answer;
                  }));

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  @Test
  void aCallIsAnswered() {
    assertThat(link.call(SUM, new double[] {1, 2, 3})).isCompletedWithValue(6.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_521, 65_535, 65_536, 200_000, 3_000_000})
  void anAnswerOfAnySizeComes(int size) {
    assertThat(link.call(ECHO, Wire.pattern(size)))
        .isCompletedWithValueMatching(answer -> Arrays.equals(answer, Wire.pattern(size)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5000, 200_000})
  void aBufferIsTakenOverAndOneIsHandedOut(int size) {
    ByteBuf request = link.buffer(Wire.pattern(size));
    CompletableFuture<ByteBuf> future = link.call(PASS, request);
    ByteBuf answer = future.join();
    assertThat(ByteBufUtil.getBytes(answer)).isEqualTo(Wire.pattern(size));
    assertThat(link.bufferedBytes()).isZero();
    answer.release();
    assertThat(request.refCnt()).as("the request is gone").isZero();
  }

  @Test
  void nothingRunsOnTheCallersThread() {
    CompletableFuture<byte[]> future = link.caller.call(ECHO, new byte[1]);
    assertThat(link.loop.waiting()).isEqualTo(1);
    assertThat(link.pendingCalls()).isZero();
    link.settle();
    assertThat(future).isCompleted();
  }

  @Test
  void aCallOnTheConnectionsThreadIsSentAtOnce() {
    List<CompletableFuture<byte[]>> futures = new ArrayList<>();
    link.loop.run(() -> futures.add(link.caller.call(ECHO, new byte[1])));
    assertThat(link.pendingCalls()).isEqualTo(1);
    assertThat(link.loop.waiting()).isZero();
    link.settle();
    assertThat(futures.get(0)).isCompleted();
  }

  @Test
  void theFutureIsCompletedOnTheCallbackExecutor() {
    List<String> places = new ArrayList<>();
    CompletableFuture<byte[]> future = link.send(ECHO, new byte[1]);
    future.thenRun(() -> places.add(link.callbacks.isRunning() + " " + link.loop.isRunning()));
    link.deliverAnswers();
    assertThat(future).as("the answer waits for the callback executor").isNotDone();
    assertThat(link.pendingCalls()).isZero();
    link.callbacks.runAll();
    assertThat(places).containsExactly("true false");
  }

  @Test
  void aCallbackThatThrowsHarmsNoOtherCall() {
    CompletableFuture<byte[]> first = link.send(ECHO, new byte[1]);
    CompletableFuture<byte[]> second = link.send(ECHO, new byte[2]);
    first.thenRun(
        () -> {
          throw new IllegalStateException("broken callback");
        });
    link.settle();
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
  }

  @Test
  void aCallbackMayCallAgain() {
    CompletableFuture<byte[]> chain =
        link.send(ECHO, new byte[1]).thenCompose(answer -> link.caller.call(ECHO, new byte[2]));
    link.settle();
    assertThat(chain).isCompletedWithValueMatching(answer -> answer.length == 2);
  }

  @Test
  void aRequestThatCannotBeEncodedIsThrownAndNothingIsSent() {
    assertThatThrownBy(() -> link.caller.call(LATER, "half \ud800"))
        .isInstanceOf(CodecException.class);
    assertThat(link.loop.waiting()).isZero();
  }

  @Test
  void callsOfOneMomentShareAMessage() {
    link.call(ECHO, new byte[1]); // a client's first message may be one frame alone
    int sent = link.requests();
    List<CompletableFuture<byte[]>> futures = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      futures.add(link.caller.call(ECHO, new byte[i]));
    }
    link.settle();
    assertThat(futures).allMatch(CompletableFuture::isDone);
    assertThat(link.requests() - sent).isEqualTo(1);
  }

  @Test
  void eachOfAThousandCallsGetsItsOwnAnswer() {
    Random random = new Random(5);
    List<CompletableFuture<String>> futures = new ArrayList<>();
    while (futures.size() < 1000 || !held.isEmpty()) {
      if (futures.size() < 1000 && random.nextInt(3) > 0) {
        futures.add(link.caller.call(LATER, "request " + futures.size()));
      } else if (!held.isEmpty()) {
        Held one = held.remove(random.nextInt(held.size()));
        one.answer.complete("answer to " + one.request);
      }
      if (random.nextInt(4) == 0 || futures.size() == 1000) {
        link.settle();
      }
    }
    link.settle();
    for (int i = 0; i < futures.size(); i++) {
      assertThat(futures.get(i)).isCompletedWithValue("answer to request " + i);
    }
  }

  @Test
  void anAnswerWithoutStatusIsASuccess() {
    CompletableFuture<String> future = link.send(LATER, "request");
    link.receive(Wire.frame(1, 0, Wire.END, Wire.answer(0, Wire.NOTHING, new byte[] {'x'})));
    link.callbacks.runAll();
    assertThat(future).isCompletedWithValue("x");
    held.forEach(one -> one.answer.cancel(false)); // is answered too late
  }
}
