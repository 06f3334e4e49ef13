package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.MethodId;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What goes into the log, and what does not. */
class LoggingTest {
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> UNKNOWN =
      RpcMethod.unary("unknown", Codec.utf8(), Codec.utf8());

  private final Logger logger = (Logger) LoggerFactory.getLogger(RpcEndpoint.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void record() {
    logger.setLevel(Level.DEBUG);
    logger.setAdditive(false);
    logger.addAppender(log);
    log.start();
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
    logger.setAdditive(true);
    logger.setLevel(Level.OFF);
  }

  private static void serve(UnaryHandler<String, String> handler) {
    EndpointLink link = new EndpointLink(RpcEndpoint.builder().handle(METHOD, handler));
    link.call(METHOD, "request");
    link.finish();
  }

  private List<String> messages(Level level) {
    return log.list.stream()
        .filter(event -> event.getLevel() == level)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void anUnexpectedFailureIsLoggedOnceWithItsCause() {
    serve(
        (request, call) -> {
          throw new IOException("disk full");
        });
    assertThat(log.list).hasSize(1);
    assertThat(messages(Level.ERROR).get(0)).contains("peer:1", METHOD.toString());
    assertThat(log.list.get(0).getThrowableProxy().getMessage()).isEqualTo("disk full");
  }

  @Test
  void whatAHandlerChoseToSayIsNotLogged() {
    serve(
        (request, call) -> {
          throw new RpcException(RpcStatus.FAIL, "no numbers");
        });
    assertThat(log.list).isEmpty();
  }

  /** A peer that vanishes would fill the log with them: handlers that called it back all fail. */
  @Test
  void aHandlerThatFailsWhenItsCallIsOverIsNotLogged() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    EndpointLink link =
        new EndpointLink(RpcEndpoint.builder().handleAsync(METHOD, (request, call) -> answer));
    link.call(METHOD, "request");
    link.settle();
    link.disconnect();
    answer.completeExceptionally(new IOException("the connection was lost"));
    link.settle();
    link.finish();
    assertThat(log.list).isEmpty();
  }

  /** A client that refuses what it is asked could fill the log with stacks. */
  @Test
  void aHandlerWhoseOwnCallFailsAgainAndAgainIsOneWarning() {
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(
                    METHOD,
                    (request, call) -> {
                      throw new RpcException(RpcStatus.FAIL, "asked", "not now", null);
                    }));
    for (int i = 0; i < 5; i++) {
      link.call(METHOD, "request");
    }
    link.finish();
    assertThat(messages(Level.WARN))
        .singleElement()
        .asString()
        .contains("peer:1", "handler of " + METHOD + " failed: asked: FAIL: not now");
    assertThat(messages(Level.DEBUG)).hasSize(4);
    assertThat(messages(Level.ERROR)).isEmpty();
  }

  @Test
  void aSuccessIsNotLogged() {
    serve((request, call) -> request);
    assertThat(log.list).isEmpty();
  }

  @Test
  void aPeerThatCallsUnknownMethodsAgainAndAgainIsOneWarning() {
    EndpointLink link = new EndpointLink(RpcEndpoint.builder());
    for (int i = 0; i < 5; i++) {
      link.call(UNKNOWN, "request");
    }
    link.finish();
    assertThat(messages(Level.WARN))
        .singleElement()
        .asString()
        .contains("peer:1", MethodId.toString(UNKNOWN.id()));
    assertThat(messages(Level.DEBUG)).hasSize(4);
  }
}
