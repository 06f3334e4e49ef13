package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** How the cancel of a call reaches its handler, be it asynchronous or one that blocks. */
class CancelledHandlerTest {
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());

  private final Logger logger = (Logger) LoggerFactory.getLogger(RpcEndpoint.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final CompletableFuture<String> stage = new CompletableFuture<>();

  @BeforeEach
  void record() {
    logger.setAdditive(false);
    logger.addAppender(log);
    log.start();
  }

  @AfterEach
  void nothingIsLogged() {
    logger.detachAppender(log);
    logger.setAdditive(true);
    assertThat(log.list).isEmpty();
    assertThat(Thread.interrupted()).as("an interrupt is left").isFalse();
  }

  /** Calls, and lets the connection end while the handler is at work. */
  private static void callAndDisconnect(EndpointLink link) {
    Answer answer = link.call(METHOD, "text");
    link.settle();
    link.disconnect();
    link.settle();
    link.finish();
    answer.assertNone();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theStageOfAnAsynchronousHandlerIsCancelled(boolean intercepted) {
    RpcEndpoint.Builder endpoint = RpcEndpoint.builder();
    if (intercepted) {
      endpoint.handlerInterceptor((call, next) -> next.proceed());
    }
    callAndDisconnect(new EndpointLink(endpoint.handleAsync(METHOD, (text, call) -> stage)));
    assertThat(stage).isCancelled();
  }

  @Test
  void theStageOfAHandlerThatReturnsItAfterTheCancelIsCancelled() {
    EndpointLink[] link = new EndpointLink[1];
    link[0] =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(
                    METHOD,
                    (text, call) -> {
                      link[0].disconnect();
                      return stage;
                    }));
    link[0].call(METHOD, "text");
    link[0].settle();
    assertThat(stage).isCancelled();
    link[0].finish();
  }

  @Test
  void aStageThatCannotBeCancelledIsLeftAlone() {
    callAndDisconnect(
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(METHOD, (text, call) -> stage.minimalCompletionStage())));
    assertThat(stage).isNotDone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"method", "nothing"})
  void theStageOfAServiceIsCancelled(String method) {
    CompletableFuture<Void> nothing = new CompletableFuture<>();
    LaterService later =
        new LaterService() {
          @Override
          public CompletionStage<String> value() {
            return stage;
          }

          @Override
          public CompletionStage<Void> nothing() {
            return nothing;
          }
        };
    EndpointLink link = new EndpointLink(RpcEndpoint.builder().service(LaterService.class, later));
    link.call(RpcMethod.unary(method, Codec.bytes(), Codec.bytes()), new byte[0]);
    link.settle();
    link.disconnect();
    link.settle();
    assertThat(stage.isCancelled()).isEqualTo(method.equals("method"));
    assertThat(nothing.isCancelled()).isEqualTo(method.equals("nothing"));
    link.finish();
  }

  @Test
  void aStageThatIsCancelledWithItsCallGivesThePlaceBack() {
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder().handleAsync(METHOD, (text, call) -> stage).build(),
            CoreLimits.builder(),
            new CallTimeouts(Duration.ZERO, Duration.ofNanos(1)));
    link.call(METHOD, "text");
    link.settle();
    logger.detachAppender(log); // tells of the timeout
    link.timer.expireAll(link.loop);
    link.settle();
    assertThat(stage).isCancelled();
    link.finish();
  }

  /** A handler that blocks until it is interrupted; the cancel comes while it does. */
  @Test
  void aHandlerThatAskedForItIsInterrupted() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    List<String> outcome = new ArrayList<>();
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(
                    METHOD,
                    (text, call) -> {
                      call.interruptOnCancel();
                      running.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException e) {
                        outcome.add("interrupted");
                        throw e;
                      }
                      return text;
                    }));
    link.call(METHOD, "text");
    Thread thread = new Thread(link.handlers::runNext);
    thread.start();
    running.await();
    link.disconnect();
    link.handlers.runNext();
    thread.join();
    assertThat(outcome).containsExactly("interrupted");
    link.finish();
  }

  @Test
  void anInterruptThatTheHandlerDidNotNoticeEndsWithIt() {
    EndpointLink[] link = new EndpointLink[1];
    List<Boolean> interrupted = new ArrayList<>();
    link[0] =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(
                    METHOD,
                    (text, call) -> {
                      link[0].disconnect();
                      call.interruptOnCancel();
                      interrupted.add(Thread.currentThread().isInterrupted());
                      return text;
                    }));
    link[0].call(METHOD, "text");
    link[0].settle();
    assertThat(interrupted).containsExactly(true);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    link[0].finish();
  }

  @Test
  void aThreadWhoseHandlerHasReturnedIsNotInterrupted() {
    List<CallContext> contexts = new ArrayList<>();
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(
                    METHOD,
                    (text, call) -> {
                      call.interruptOnCancel();
                      contexts.add(call);
                      return stage;
                    }));
    callAndDisconnect(link);
    assertThat(contexts.get(0).isCancelled()).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThatThrownBy(contexts.get(0)::interruptOnCancel)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not work for this call");
  }

  @Test
  void theEventLoopIsNotInterrupted() {
    List<String> refusals = new ArrayList<>();
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(
                    METHOD,
                    (text, call) -> {
                      assertThatThrownBy(call::interruptOnCancel)
                          .satisfies(refusal -> refusals.add(refusal.getMessage()));
                      return text;
                    },
                    ExecutionMode.EVENT_LOOP));
    link.call(METHOD, "text").assertSuccess("text");
    assertThat(refusals)
        .containsExactly(
            "method: an event loop is not interrupted (expected: a handler of"
                + " ExecutionMode.EXECUTOR)");
    link.finish();
  }
}
