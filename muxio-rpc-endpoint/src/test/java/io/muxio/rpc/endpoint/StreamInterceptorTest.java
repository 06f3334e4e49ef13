package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What interceptors may do with a streaming call. */
class StreamInterceptorTest {
  private static final StreamMethod METHOD = StreamMethod.of("method");

  private final List<String> events = new ArrayList<>();
  private EndpointLink link;

  private StreamAnswer open(RpcEndpoint.Builder endpoint, HandlerInterceptor interceptor) {
    link = new EndpointLink(endpoint.handlerInterceptor(interceptor));
    return link.open(METHOD, NOTHING);
  }

  private static RpcEndpoint.Builder echo(ExecutionMode mode) {
    return RpcEndpoint.builder().handleStreamAsync(METHOD, (request, call) -> request, mode);
  }

  private RpcEndpoint.Builder blocking(String... texts) {
    return RpcEndpoint.builder()
        .handleStream(
            METHOD,
            (request, response, call) -> {
              for (String text : texts) {
                response.writeAsync(link.buffer(text.getBytes(StandardCharsets.UTF_8)));
              }
            });
  }

  private HandlerInterceptor watching() {
    return (call, next) -> {
      events.add("begun");
      return next.proceed()
          .whenComplete((nothing, failure) -> events.add(failure == null ? "ended" : "failed"));
    };
  }

  @ParameterizedTest
  @EnumSource
  void itsHandlingEndsWithItsAnswer(ExecutionMode mode) {
    StreamAnswer answer = open(echo(mode), watching());
    answer.send("one");
    link.settle();
    assertThat(events).containsExactly("begun");
    answer.end();
    link.settle();
    answer.assertEnded("one");
    assertThat(events).containsExactly("begun", "ended");
    link.finish();
  }

  @Test
  void itsHandlingEndsWithItsAnswerWhereTheHandlerBlocks() {
    StreamAnswer answer = open(blocking("one", "two"), watching());
    link.settle();
    answer.assertEnded("one", "two");
    assertThat(events).containsExactly("begun", "ended");
    answer.end();
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void itsHandlingFailsWithACancel(ExecutionMode mode) {
    StreamAnswer answer = open(echo(mode), watching());
    link.settle();
    answer.cancel();
    link.settle();
    assertThat(events).containsExactly("begun", "failed");
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void itIsRefusedBeforeItsHandler(ExecutionMode mode) {
    StreamAnswer answer =
        open(
            echo(mode),
            (call, next) -> {
              throw new RpcException(RpcStatus.FAIL, "log in first");
            });
    answer.send("one");
    link.settle();
    answer.assertFailed(ResponseStatus.FAIL, "log in first");
    link.finish();
  }

  @Test
  void itsAnswerIsEmptyWhereTheHandlerIsNotCalled() {
    StreamAnswer answer =
        open(blocking("one"), (call, next) -> CompletableFuture.completedStage(null));
    link.settle();
    answer.assertEnded();
    answer.end();
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void itMayProceedLater(ExecutionMode mode) {
    CompletableFuture<Void> known = new CompletableFuture<>();
    StreamAnswer answer =
        open(echo(mode), (call, next) -> known.thenCompose(nothing -> next.proceed()));
    answer.send("one");
    link.settle();
    answer.assertNone();
    known.complete(null);
    link.settle();
    answer.send("two").end();
    link.settle();
    answer.assertEnded("one", "two");
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerIsNotCalledForACallThatIsOver(ExecutionMode mode) {
    CompletableFuture<Void> known = new CompletableFuture<>();
    StreamAnswer answer =
        open(
            RpcEndpoint.builder()
                .handleStreamAsync(
                    METHOD,
                    (request, call) -> {
                      events.add("handler");
                      return request;
                    },
                    mode),
            (call, next) -> known.thenCompose(nothing -> next.proceed()));
    link.settle();
    answer.cancel();
    link.settle();
    known.complete(null);
    link.settle();
    assertThat(events).isEmpty();
    link.finish();
  }

  @Test
  void aFailureIsToldOnce() {
    StreamAnswer answer =
        open(
            RpcEndpoint.builder()
                .handleStreamAsync(
                    METHOD,
                    (request, call) ->
                        subscriber -> {
                          throw new RpcException(RpcStatus.FAIL, "no chunks");
                        }),
            watching());
    link.settle();
    answer.assertFailed(ResponseStatus.FAIL, "no chunks");
    assertThat(events).containsExactly("begun", "failed");
    answer.end();
    link.finish();
  }
}
