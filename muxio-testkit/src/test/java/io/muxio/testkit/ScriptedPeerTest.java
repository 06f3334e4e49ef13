package io.muxio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.muxio.core.frame.FrameFormat;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptedPeerTest {
  private static final RpcMethod<String, String> GREET =
      RpcMethod.unary("greet", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM = StreamMethod.of("stream");
  private static final byte[] HEL = utf8("Hel");
  private static final byte[] LO = utf8("lo");

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ScriptedPeer scriptedServer() {
    return InMemoryLink.builder().connectToScriptedServer();
  }

  private static RpcStatus statusOf(CompletableFuture<?> call) throws Exception {
    return call.handle((answer, failure) -> failure)
        .thenApply(failure -> ((RpcException) failure).status())
        .get(20, TimeUnit.SECONDS);
  }

  /** As the class's Javadoc has it. */
  @Test
  void answersOutOfOrderAndInPieces() {
    try (ScriptedPeer server = InMemoryLink.builder().connectToScriptedServer()) {
      CompletableFuture<String> first = server.tested().caller().call(GREET, "Ada");
      CompletableFuture<String> second = server.tested().caller().call(GREET, "Bob");
      ReceivedStream ada = server.expectCall(GREET);
      ReceivedStream bob = server.expectCall(GREET);
      assertEquals("Bob", bob.request(GREET));

      server.answer(bob, GREET, "Hello Bob");
      server.beginAnswer(ada, ResponseStatus.SUCCESS).chunk(HEL).chunk(LO).end();

      assertEquals("Hello Bob", second.join());
      assertEquals("Hello", first.join());
    }
  }

  @ParameterizedTest
  @EnumSource
  void speaksEitherGeneration(FrameFormat format) {
    RpcEndpoint greeter =
        RpcEndpoint.builder().handle(GREET, (name, call) -> "Hello " + name).build();
    try (ScriptedPeer server = InMemoryLink.builder().format(format).connectToScriptedServer();
        ScriptedPeer client =
            InMemoryLink.builder().server(greeter).format(format).connectToScriptedClient()) {
      CompletableFuture<String> call = server.tested().caller().call(GREET, "Ada");
      server.answer(server.expectCall(GREET), GREET, "Hello");
      assertThat(call.join()).isEqualTo("Hello");

      ReceivedStream answer = client.expectAnswer(client.call(GREET, utf8("Bob")));
      assertThat(answer.body()).asString().isEqualTo("Hello Bob");
      assertThat(answer.status()).isEqualTo(ResponseStatus.SUCCESS);
    }
  }

  @Test
  void aSecondAnswerHarmsNobody() {
    try (ScriptedPeer server = scriptedServer()) {
      CompletableFuture<String> first = server.tested().caller().call(GREET, "Ada");
      ReceivedStream ada = server.expectCall(GREET);
      server.answer(ada, GREET, "once");
      server.answer(ada, GREET, "twice");
      CompletableFuture<String> second = server.tested().caller().call(GREET, "Bob");
      server.answer(server.expectCall(GREET), GREET, "Hello Bob");
      assertThat(first.join()).isEqualTo("once");
      assertThat(second.join()).isEqualTo("Hello Bob");
      assertThat(server.received()).hasSize(2);
      assertThat(server.usage()).isEqualTo(Usage.ZERO);
    }
  }

  @Test
  void aFrameThatIsAheadWaitsForTheOneThatWasLeftOut() {
    try (ScriptedPeer server = scriptedServer()) {
      CompletableFuture<String> call = server.tested().caller().call(GREET, "Ada");
      SentStream answer = server.beginAnswer(server.expectCall(GREET), ResponseStatus.SUCCESS);
      Consumer<byte[]> leftOut = answer.skip();
      answer.chunk(LO).end();
      assertThat(server.usage().bufferedBytes()).isPositive();
      assertThat(call).isNotDone();
      leftOut.accept(HEL);
      assertThat(call.join()).isEqualTo("Hello");
    }
  }

  @Test
  void aFailureHasItsStatusAndACancelEndsTheAnswer() throws Exception {
    try (ScriptedPeer server = scriptedServer()) {
      CompletableFuture<String> failing = server.tested().caller().call(GREET, "Ada");
      server.answer(server.expectCall(GREET), ResponseStatus.METHOD_NOT_FOUND);
      CompletableFuture<String> cancelled = server.tested().caller().call(GREET, "Bob");
      server.beginAnswer(server.expectCall(GREET), ResponseStatus.SUCCESS).chunk(HEL).cancel();
      assertThat(statusOf(failing)).isEqualTo(RpcStatus.NOT_FOUND);
      assertThat(statusOf(cancelled)).isEqualTo(RpcStatus.SYSTEM_ERROR);
    }
  }

  @Test
  void aScriptAnswersACallerThatWaits() {
    try (ScriptedPeer server = scriptedServer()) {
      server.whenCalled(GREET, call -> server.answer(call, ResponseStatus.SUCCESS, call.body()));
      RpcCaller caller = server.tested().caller();
      assertThat(caller.call(GREET, "Ada").join()).isEqualTo("Ada");
      assertThat(caller.call(GREET, "Bob").join()).isEqualTo("Bob");
    }
  }

  @Test
  void bytesThatMeanNothingCloseTheConnection() throws Exception {
    try (ScriptedPeer server = scriptedServer()) {
      CompletableFuture<String> call = server.tested().caller().call(GREET, "Ada");
      server.expectCall(GREET);
      byte[] unknownKind = {0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 99};
      server.send(unknownKind);
      server.awaitClose();
      assertThat(statusOf(call)).isEqualTo(RpcStatus.DISCONNECTED);
    }
  }

  @Test
  void aPeerThatIsGoneFailsItsCalls() throws Exception {
    try (ScriptedPeer server = scriptedServer()) {
      CompletableFuture<String> call = server.tested().caller().call(GREET, "Ada");
      server.expectCall(GREET);
      server.disconnect();
      assertThat(statusOf(call)).isEqualTo(RpcStatus.DISCONNECTED);
    }
  }

  @Test
  void aPeerThatDoesNotReadHoldsTheWriterUp() throws Exception {
    byte[] chunk = new byte[60_000];
    try (ScriptedPeer server = scriptedServer()) {
      server.stopReading();
      StreamCall call = server.tested().caller().open(STREAM);
      int written = 0;
      CompletableFuture<Void> mayGoOn = CompletableFuture.completedFuture(null);
      while (mayGoOn.isDone() && written < 1_000) {
        mayGoOn = call.request().writeAsync(Unpooled.copiedBuffer(chunk));
        written++;
        server.usage(); // it has been sent, or has to wait
      }
      assertThat(written).as("chunks before the writer waits").isLessThan(1_000);
      call.request().end();
      server.readOn();
      mayGoOn.get(20, TimeUnit.SECONDS);
      assertThat(server.expectCall(STREAM).body()).hasSize(written * chunk.length);
    }
  }

  @Test
  void aCallThatIsCancelledHalfWay() throws Exception {
    CompletableFuture<String> told = new CompletableFuture<>();
    RpcEndpoint endpoint =
        RpcEndpoint.builder()
            .handleStream(
                STREAM,
                (request, response, call) -> {
                  ByteBuf first = request.read();
                  String text = first == null ? "none" : first.toString(StandardCharsets.UTF_8);
                  if (first != null) {
                    response.write(first);
                  }
                  call.onCancel(() -> told.complete(text));
                  request.read();
                })
            .build();
    try (ScriptedPeer client = InMemoryLink.builder().server(endpoint).connectToScriptedClient()) {
      SentStream call = client.open(STREAM).chunk(HEL);
      ReceivedStream answer = client.expectAnswer(call);
      assertThat(answer.chunk(0)).isEqualTo(HEL);
      call.cancel();
      assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo("Hel");
      answer.awaitCancel();
      assertThat(answer.chunks()).containsExactly(HEL);
    }
  }

  @Test
  void theTestedEndCancelsWhatItGivesUp() {
    try (ScriptedPeer server = scriptedServer()) {
      StreamCall call = server.tested().caller().open(STREAM, LO, CallOptions.DEFAULT);
      ReceivedStream received = server.expectCall(STREAM);
      assertThat(received.parameters()).isEqualTo(LO);
      call.cancel();
      received.awaitCancel();
      assertThat(server.usage()).isEqualTo(Usage.ZERO);
    }
  }

  @Test
  void theMemoryThatIsHeldIsTold() {
    RpcMethod<byte[], ByteBuf> raw = RpcMethod.unary("greet", Codec.bytes(), Codec.byteBuf());
    try (ScriptedPeer server = scriptedServer()) {
      CompletableFuture<ByteBuf> call = server.tested().caller().call(raw, HEL);
      server.answer(server.expectCall(GREET), ResponseStatus.SUCCESS, LO);
      ByteBuf answer = call.join();
      assertThat(server.allocatedBytes()).isPositive();
      answer.release();
      server.usage(); // the link has given its own back
      assertThat(server.allocatedBytes()).isZero();
    }
  }

  @Test
  void waitingEndsWithAnInterrupt() {
    try (ScriptedPeer server = scriptedServer()) {
      Thread.currentThread().interrupt();
      assertThatIllegalStateException()
          .isThrownBy(() -> server.expectCall(GREET))
          .withMessage("interrupted while waiting for a call of greet");
      assertThat(Thread.interrupted()).isTrue();
      assertThatIllegalArgumentException()
          .isThrownBy(server::send)
          .withMessageContaining("0 bytes");
    }
  }

  @Test
  void aCloseFailsWhatIsPending() {
    ScriptedPeer server = scriptedServer();
    CompletableFuture<String> call = server.tested().caller().call(GREET, "Ada");
    server.expectCall(GREET);
    server.close();
    assertThat(call)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .havingCause()
        .asInstanceOf(InstanceOfAssertFactories.type(RpcException.class))
        .extracting(RpcException::status)
        .isEqualTo(RpcStatus.DISCONNECTED);
  }
}
