package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.ApplicationException;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.ErrorType;
import io.muxio.rpc.service.RpcError;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the caller gets of each kind of failure. */
class FailureAnswerTest {
  private static final String INTERNAL = "internal error";
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());
  private EndpointLink link;

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  /** The ways a handler can fail, which must all look the same to the caller. */
  private enum Way {
    THROWS,
    THROWS_ON_LOOP,
    ASYNC_THROWS,
    STAGE_FAILS,
    STAGE_FAILS_LATER
  }

  private Answer failing(Way way, Throwable failure, boolean exposeErrors) {
    RpcEndpoint.Builder builder = RpcEndpoint.builder().exposeErrors(exposeErrors);
    CompletableFuture<String> later = new CompletableFuture<>();
    switch (way) {
      case THROWS -> builder.handle(METHOD, (request, call) -> rethrow(failure));
      case THROWS_ON_LOOP ->
          builder.handle(METHOD, (request, call) -> rethrow(failure), ExecutionMode.EVENT_LOOP);
      case ASYNC_THROWS -> builder.handleAsync(METHOD, (request, call) -> rethrow(failure));
      case STAGE_FAILS ->
          builder.handleAsync(METHOD, (request, call) -> CompletableFuture.failedFuture(failure));
      case STAGE_FAILS_LATER -> builder.handleAsync(METHOD, (request, call) -> later);
    }
    link = new EndpointLink(builder);
    Answer answer = link.call(METHOD, "request");
    link.settle();
    later.completeExceptionally(failure);
    link.settle();
    return answer;
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T rethrow(Throwable failure) throws Exception {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (Exception) failure;
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whatAByteStreamMakesOfAnRpcExceptionIsOne(Way way) {
    failing(way, new IOException("read", new RpcException(RpcStatus.FAIL, "too slow")), false)
        .assertError(ResponseStatus.FAIL, RpcError.Code.FAIL, "too slow");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aPlainSystemErrorIsItsTextAndNothingElse(Way way) {
    failing(way, RpcException.plainSystemError("no \u00e4"), false)
        .assertText(ResponseStatus.SYSTEM_ERROR, "no \u00e4");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aRefusalIsItsTextToPublishedPeers(Way way) {
    failing(way, RpcException.overloaded("the disk is busy", Duration.ofMillis(5)), false)
        .assertText(ResponseStatus.SYSTEM_ERROR, "the disk is busy");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aRefusalThatWasMeantForTheHandlerIsNotForItsCaller(Way way) {
    failing(way, RpcException.overloaded("disk.read", "the disk is busy", null), false)
        .assertText(ResponseStatus.SYSTEM_ERROR, INTERNAL);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anRpcExceptionIsForTheCaller(Way way) {
    failing(way, new RpcException(RpcStatus.FAIL, "no numbers"), false)
        .assertError(ResponseStatus.FAIL, RpcError.Code.FAIL, "no numbers");
  }

  @ParameterizedTest
  @CsvSource({
    "FAIL, FAIL, FAIL",
    "SYSTEM_ERROR, SYSTEM_ERROR, SYSTEM",
    "NOT_FOUND, METHOD_NOT_FOUND, NOT_FOUND",
    "DEADLINE_EXCEEDED, SYSTEM_ERROR, SYSTEM",
    "CANCELLED, SYSTEM_ERROR, SYSTEM",
    "DISCONNECTED, SYSTEM_ERROR, SYSTEM",
    "REJECTED, SYSTEM_ERROR, SYSTEM"
  })
  void everyStatusHasItsByteAndItsCode(
      RpcStatus status, ResponseStatus onWire, RpcError.Code code) {
    failing(Way.THROWS, new RpcException(status, "why 漢字"), false)
        .assertError(onWire, code, "why 漢字");
  }

  @Test
  void anEmptyDetailIsAnEmptyMessage() {
    failing(Way.THROWS, new RpcException(RpcStatus.FAIL, ""), false)
        .assertError(ResponseStatus.FAIL, RpcError.Code.FAIL, "");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anyOtherExceptionIsAnInternalError(Way way) {
    failing(way, new IOException("/etc/secret"), false)
        .assertText(ResponseStatus.SYSTEM_ERROR, INTERNAL);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anErrorIsAnInternalError(Way way) {
    failing(way, new StackOverflowError(), false).assertText(ResponseStatus.SYSTEM_ERROR, INTERNAL);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void anExposedExceptionIsItsMessage(Way way) {
    failing(way, new IOException("disk full"), true)
        .assertText(ResponseStatus.SYSTEM_ERROR, "disk full");
  }

  /** Else the caller would have no answer at all. */
  @Test
  void dataThatFailsWithAnErrorIsAnInternalError() {
    RpcMethod<String, String> declaring =
        METHOD.throwing(
            ErrorType.of(Endless.class, Codec.utf8(), (message, data) -> new Endless()));
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(
                    declaring, (request, call) -> CompletableFuture.failedFuture(new Endless())));
    Answer answer = link.call(METHOD, "request");
    link.settle();
    answer.assertText(ResponseStatus.SYSTEM_ERROR, INTERNAL);
  }

  private static final class Endless extends ApplicationException {
    @Serial private static final long serialVersionUID = 1;

    Endless() {
      super("endless");
    }

    @Override
    public String data() {
      throw new StackOverflowError();
    }
  }

  @Test
  void anExposedExceptionWithoutMessageIsItsClass() {
    failing(Way.THROWS, new IOException(), true)
        .assertText(ResponseStatus.SYSTEM_ERROR, "java.io.IOException");
  }

  @Test
  void anExposedMessageThatIsNoTextIsSentAllTheSame() {
    failing(Way.THROWS, new IOException("half \ud800"), true)
        .assertText(ResponseStatus.SYSTEM_ERROR, "half ?");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void wrappersOfFuturesAreTakenOff(Way way) {
    Throwable chosen = new RpcException(RpcStatus.NOT_FOUND, "no such key");
    failing(way, new CompletionException(new ExecutionException(chosen)), false)
        .assertError(ResponseStatus.METHOD_NOT_FOUND, RpcError.Code.NOT_FOUND, "no such key");
  }

  @Test
  void anExposedWrappedExceptionIsTheWrappedOne() {
    failing(Way.STAGE_FAILS, new CompletionException(new IOException("disk full")), true)
        .assertText(ResponseStatus.SYSTEM_ERROR, "disk full");
  }

  @Test
  void aWrapperWithoutCauseIsAFailureOfItsOwn() {
    failing(Way.THROWS, new CompletionException("alone", null), true)
        .assertText(ResponseStatus.SYSTEM_ERROR, "alone");
  }

  @Test
  void anRpcExceptionAsTheCauseOfAnotherExceptionIsNotForTheCaller() {
    Throwable cause = new RpcException(RpcStatus.FAIL, "of another call");
    failing(Way.THROWS, new IllegalStateException("broken", cause), false)
        .assertText(ResponseStatus.SYSTEM_ERROR, INTERNAL);
  }

  @Test
  void aFailureOfADependentStageIsUnwrapped() {
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(
                    METHOD,
                    (request, call) ->
                        CompletableFuture.completedFuture(request)
                            .thenApply(
                                text -> {
                                  throw new RpcException(RpcStatus.FAIL, "in a stage");
                                })));
    Answer answer = link.call(METHOD, "request");
    link.settle();
    answer.assertError(ResponseStatus.FAIL, RpcError.Code.FAIL, "in a stage");
  }

  @Test
  void aNullAnswerIsAnInternalError() {
    link =
        new EndpointLink(
            RpcEndpoint.builder().exposeErrors(true).handle(METHOD, (request, call) -> null));
    assertFails("the handler answered null");
  }

  @Test
  void aNullAnswerOfAStageIsAnInternalError() {
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .exposeErrors(true)
                .handleAsync(METHOD, (request, call) -> CompletableFuture.completedFuture(null)));
    assertFails("the handler answered null");
  }

  @Test
  void aNullStageIsAnInternalError() {
    link =
        new EndpointLink(
            RpcEndpoint.builder().exposeErrors(true).handleAsync(METHOD, (request, call) -> null));
    assertFails("the handler returned null (expected: a CompletionStage)");
  }

  private void assertFails(String text) {
    Answer answer = link.call(METHOD, "request");
    link.settle();
    answer.assertText(ResponseStatus.SYSTEM_ERROR, text);
  }

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void anUndecodableRequestIsAnsweredWithTheReason(ExecutionMode mode) {
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(
                    METHOD,
                    (request, call) -> {
                      throw new AssertionError("called with " + request);
                    },
                    mode));
    Answer answer = link.call(METHOD, new byte[] {(byte) 0xff});
    link.settle();
    answer.assertTextContains(ResponseStatus.SYSTEM_ERROR, "text that is not UTF-8");
  }

  @Test
  void anAnswerThatCannotBeEncodedIsAFailure() {
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .exposeErrors(true)
                .handle(METHOD, (request, call) -> "half \ud800"));
    assertFails("text with an unpaired surrogate");
  }

  @ParameterizedTest
  @CsvSource({"false, internal error", "true, codec"})
  void aCodecThatThrowsIsAFailure(boolean exposeErrors, String text) {
    RpcMethod<String, String> badRequest =
        RpcMethod.unary("bad.request", new BrokenCodec(), Codec.utf8());
    RpcMethod<String, String> badAnswer =
        RpcMethod.unary("bad.answer", Codec.utf8(), new BrokenCodec());
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .exposeErrors(exposeErrors)
                .handle(badRequest, (request, call) -> request)
                .handle(badAnswer, (request, call) -> request)
                .handle(METHOD, (request, call) -> request));
    Answer undecoded = link.call(badRequest, "request");
    Answer unencoded = link.call(badAnswer, "request");
    Answer good = link.call(METHOD, "request");
    link.settle();
    undecoded.assertText(ResponseStatus.SYSTEM_ERROR, text);
    unencoded.assertText(ResponseStatus.SYSTEM_ERROR, text);
    good.assertSuccess("request");
  }

  @Test
  void aCodecExceptionWithoutMessageStillHasAText() {
    RpcMethod<String, String> method = RpcMethod.unary("silent", Codec.utf8(), new SilentCodec());
    link =
        new EndpointLink(
            RpcEndpoint.builder().exposeErrors(true).handle(method, (request, call) -> request));
    Answer answer = link.call(method, "request");
    link.settle();
    answer.assertText(ResponseStatus.SYSTEM_ERROR, CodecException.class.getName());
  }

  @Test
  void anUnknownMethodIsAnsweredWithoutBody() {
    link = new EndpointLink(RpcEndpoint.builder());
    Answer small = link.call(METHOD, "request");
    Answer large = link.call(METHOD, Wire.pattern(200_000));
    small.assertBody(ResponseStatus.METHOD_NOT_FOUND, new byte[0]);
    large.assertBody(ResponseStatus.METHOD_NOT_FOUND, new byte[0]);
    assertThat(link.openStreams()).isZero();
  }

  private static final class BrokenCodec implements Codec<String> {
    @Override
    public ByteBuf encode(String value, ByteBufAllocator allocator) {
      throw new IllegalStateException("codec");
    }

    @Override
    public String decode(ByteBuf bytes) {
      throw new AssertionError("codec");
    }
  }

  private static final class SilentCodec implements Codec<String> {
    @Override
    public ByteBuf encode(String value, ByteBufAllocator allocator) {
      throw new CodecException(null);
    }

    @Override
    public String decode(ByteBuf bytes) {
      throw new CodecException(null);
    }
  }
}
