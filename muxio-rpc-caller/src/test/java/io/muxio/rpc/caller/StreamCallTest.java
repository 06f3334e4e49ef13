package io.muxio.rpc.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streaming calls, from their opening to each of their ends. */
class StreamCallTest {
  private static final StreamMethod ECHO = StreamMethod.of("echo");
  private static final StreamMethod SILENT = StreamMethod.of("silent");
  private static final StreamMethod FAILING = StreamMethod.of("failing");
  private static final StreamMethod UNARY = StreamMethod.of("unary");
  private static final byte[] NOTHING = {};

  private final CallerLink link = new CallerLink(endpoint());

  private static RpcEndpoint.Builder endpoint() {
    return RpcEndpoint.builder()
        .handleStreamAsync(ECHO, (request, call) -> request, ExecutionMode.EVENT_LOOP)
        .handleStreamAsync(SILENT, (request, call) -> subscriber -> {})
        .handleStreamAsync(
            FAILING,
            (request, call) -> {
              throw new RpcException(RpcStatus.FAIL, "deliberate");
            },
            ExecutionMode.EVENT_LOOP)
        .handle(
            RpcMethod.unary("unary", Codec.utf8(), Codec.utf8()),
            (text, call) -> text + "!",
            ExecutionMode.EVENT_LOOP);
  }

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  private ByteBuf chunk(String text) {
    return link.buffer(text.getBytes(StandardCharsets.UTF_8));
  }

  private StreamCall open(StreamMethod method) {
    StreamCall call = link.caller.open(method);
    link.settle();
    return call;
  }

  /** What is there to read now, and then null or the failure. */
  private static List<String> readAll(StreamCall call) {
    List<String> read = new ArrayList<>();
    try {
      for (ByteBuf chunk = call.response().read(); chunk != null; chunk = call.response().read()) {
        read.add(chunk.toString(StandardCharsets.UTF_8));
        chunk.release();
      }
      read.add("end");
    } catch (RpcException e) {
      read.add(e.status() + " " + e.method() + ": " + e.detail());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return read;
  }

  @Test
  void chunksGoOutAndComeBack() throws Exception {
    StreamCall call = link.caller.open(ECHO);
    call.request().write(chunk("one"));
    link.settle();
    call.request().write(chunk("two"));
    CompletableFuture<Void> ended = call.request().end().toCompletableFuture();
    link.settle();
    assertThat(ended).isCompleted();
    assertThat(readAll(call)).containsExactly("one", "two", "end");
    call.close();
    assertThat(readAll(call)).as("read whole stays whole").containsExactly("end");
  }

  @Test
  void aServersCallWaitsForItsClientsGeneration() {
    CallerLink early = CallerLink.withoutGeneration(endpoint());
    StreamCall call = early.caller.open(ECHO);
    call.request().writeAsync(early.buffer(new byte[] {'x'}));
    call.request().end();
    early.settle();
    assertThat(early.requests()).isZero();
    early.receive(Wire.frame(9, 0, 4, NOTHING));
    early.settle();
    assertThat(early.requests()).isPositive();
    assertThat(readAll(call)).containsExactly("x", "end");
    early.finish();
  }

  @Test
  void parametersAreCopiedAndLimited() {
    byte[] parameters = new byte[0x1_0000];
    assertThatThrownBy(() -> link.caller.open(ECHO, parameters, CallOptions.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 65535");
  }

  @Test
  void anErrorIsToldWithItsTextAndEndsTheRequest() {
    StreamCall call = open(FAILING);
    assertThat(call.request().isWritable()).isFalse();
    assertThat(call.request().writeAsync(chunk("late"))).isCompletedExceptionally();
    assertThat(readAll(call)).containsExactly("FAIL failing: deliberate");
  }

  @Test
  void anUnknownMethodIsToldAsSuch() {
    assertThat(readAll(open(StreamMethod.of("nobody's"))))
        .containsExactly("NOT_FOUND nobody's: the peer has no such method");
  }

  @Test
  void aUnaryMethodMayBeCalledInChunks() {
    StreamCall call = link.caller.open(UNARY);
    call.request().writeAsync(chunk("one"));
    call.request().writeAsync(chunk("two"));
    call.request().end();
    link.settle();
    assertThat(readAll(call)).containsExactly("onetwo!", "end");
  }

  @Test
  void aCallThatIsCancelledAtOnceIsVoided() {
    StreamCall call = link.caller.open(ECHO);
    call.request().writeAsync(chunk("one"));
    call.cancel();
    link.settle();
    assertThat(readAll(call)).containsExactly("CANCELLED echo: the caller cancelled the call");
    assertThat(link.pendingCalls()).isZero();
    assertThat(link.bufferedBytes()).isZero();
  }

  @Test
  void cancelledWhileReceivingBothStreamsFailAndThePeerIsTold() {
    StreamCall call = open(ECHO);
    call.request().writeAsync(chunk("one"));
    link.settle();
    int before = link.requests();
    call.cancel();
    link.settle();
    assertThat(link.requests()).as("a Cancel, alone").isEqualTo(before + 1);
    assertThat(readAll(call)).containsExactly("CANCELLED echo: the caller cancelled the call");
    assertThat(call.request().writeAsync(chunk("late"))).isCompletedExceptionally();
    assertThat(link.bufferedBytes()).isZero();
  }

  @Test
  void closedBehindAnAnswerThatWasNotReadItIsDropped() {
    StreamCall call = open(ECHO);
    call.request().writeAsync(chunk("one"));
    call.request().end();
    link.settle();
    assertThat(link.pendingCalls()).isZero();
    assertThat(link.bufferedBytes()).isPositive();
    call.close();
    link.settle();
    assertThat(link.bufferedBytes()).isZero();
    assertThat(readAll(call).get(0)).startsWith("CANCELLED");
  }

  @Test
  void aReaderThatCancelsGivesTheCallUp() {
    StreamCall call = open(ECHO);
    call.request().writeAsync(chunk("one"));
    link.settle();
    call.response().cancel();
    link.settle();
    assertThat(link.pendingCalls()).isZero();
    assertThat(call.request().isWritable()).isFalse();
  }

  @Test
  void aSubscriberThatThrowsGivesTheCallUp() {
    StreamCall call = open(ECHO);
    call.response()
        .subscribe(
            new Flow.Subscriber<>() {
              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(1);
              }

              @Override
              public void onNext(ByteBuf chunk) {
                chunk.release();
                throw new IllegalStateException("deliberate");
              }

              @Override
              public void onError(Throwable cause) {}

              @Override
              public void onComplete() {}
            });
    call.request().writeAsync(chunk("one"));
    link.settle();
    assertThat(link.pendingCalls()).isZero();
    assertThatThrownBy(() -> call.request().writeAsync(chunk("late")).get())
        .hasMessageContaining("deliberate");
  }

  @Test
  void aPublisherThatFailsGivesTheCallUp() {
    StreamCall call = open(SILENT);
    call.request()
        .writeAll(
            subscriber -> {
              throw new IllegalStateException("deliberate");
            });
    link.settle();
    assertThat(link.pendingCalls()).isZero();
    assertThat(readAll(call).get(0)).startsWith("CANCELLED silent").contains("deliberate");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theDeadlineEndsTheCallWhateverHasCome(boolean receiving) {
    StreamCall call =
        link.caller.open(
            receiving ? ECHO : SILENT, NOTHING, CallOptions.deadline(Duration.ofSeconds(1)));
    call.request().writeAsync(chunk("one"));
    link.settle();
    assertThat(link.timer.waiting()).isEqualTo(1);
    link.timer.expireAll(link.loop);
    link.settle();
    assertThat(readAll(call).get(0)).startsWith("DEADLINE_EXCEEDED").contains("PT1S");
    assertThat(call.request().isWritable()).isFalse();
    assertThat(link.pendingCalls()).isZero();
  }

  @Test
  void aCallThatIsOverHasNoDeadline() {
    StreamCall call = link.caller.open(ECHO, NOTHING, CallOptions.deadline(Duration.ofDays(1)));
    call.request().end();
    link.settle();
    assertThat(link.timer.waiting()).isZero();
    assertThat(readAll(call)).containsExactly("end");
  }

  @Test
  void aConnectionThatEndsFailsBothStreams() {
    StreamCall call = open(ECHO);
    call.request().writeAsync(chunk("one"));
    link.settle();
    link.disconnect(new IOException("gone"));
    assertThat(readAll(call)).containsExactly("DISCONNECTED echo: gone");
    assertThat(call.request().isWritable()).isFalse();
    StreamCall late = open(ECHO);
    assertThat(readAll(late).get(0)).startsWith("DISCONNECTED echo");
    assertThat(late.request().writeAsync(chunk("late"))).isCompletedExceptionally();
  }

  @Test
  void anAnswerThatIsCancelledIsAFailure() {
    StreamCall call = open(SILENT);
    link.receive(
        Wire.frame(8, 0, Wire.OPEN, Wire.answer(0, new byte[] {0}, new byte[] {'x'})),
        Wire.frame(8, 1, Wire.CANCEL, NOTHING));
    link.settle();
    assertThat(readAll(call)).containsExactly("SYSTEM_ERROR silent: the peer cancelled its answer");
  }

  @Test
  void anUnknownStatusIsNamed() {
    StreamCall call = open(SILENT);
    link.receive(
        Wire.frame(8, 0, Wire.OPEN, Wire.answer(0, new byte[] {77}, new byte[] {'x'})),
        Wire.frame(8, 1, Wire.END, NOTHING));
    link.settle();
    assertThat(readAll(call)).containsExactly("SYSTEM_ERROR silent: unknown status 77: x");
  }

  @Test
  void anAnswerThatIsNotReadIsLimited() {
    CallerLink limited =
        new CallerLink(endpoint(), CoreLimits.builder().maxStreamBufferedBytes(10_000));
    StreamCall call = limited.caller.open(ECHO);
    for (int i = 0; i < 3; i++) {
      call.request().writeAsync(limited.buffer(new byte[4000]));
      limited.settle();
    }
    assertThat(readAll(call).get(0)).startsWith("REJECTED").contains("maxStreamBufferedBytes");
    limited.finish();
  }

  @Test
  void callsAreLimited() {
    CallerLink limited = new CallerLink(endpoint(), CoreLimits.builder().maxPendingCalls(1));
    StreamCall first = limited.caller.open(SILENT);
    StreamCall second = limited.caller.open(SILENT);
    limited.settle();
    assertThat(readAll(second).get(0)).startsWith("REJECTED").contains("limit 1");
    first.cancel();
    limited.finish();
  }

  @Test
  void aPeerThatDoesNotReadHoldsTheWriterBack() {
    StreamCall call = open(ECHO);
    link.thread.writable(false);
    call.request().writeAsync(link.buffer(new byte[1 << 16]));
    CompletableFuture<Void> room = call.request().writeAsync(chunk("two"));
    link.settle();
    assertThat(room).isNotDone();
    link.thread.writable(true);
    link.settle();
    assertThat(room).isCompleted();
    call.cancel();
  }
}
