package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** One line for each call, at the level that its end deserves. */
class CallLoggingTest {
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());

  private final Logger logger = (Logger) LoggerFactory.getLogger(CallLogging.class);
  private final Logger failures = (Logger) LoggerFactory.getLogger(RpcEndpoint.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void record() {
    failures.setLevel(Level.OFF);
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

  private void assertLogged(Level level, String begin, String part) {
    assertThat(log.list)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getLevel()).isEqualTo(level);
              assertThat(event.getFormattedMessage()).startsWith(begin).contains(part);
            });
  }

  private static void serve(UnaryHandler<String, String> handler) {
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder().handle(METHOD, handler).handlerInterceptor(new CallLogging()));
    link.call(METHOD, "request");
    link.finish();
  }

  @Test
  void aSuccessIsDebug() {
    serve((request, call) -> request);
    assertLogged(Level.DEBUG, "served method, ", "peer:1: SUCCESS after PT");
  }

  @Test
  void whatAHandlerChoseToSayIsInfo() {
    serve(
        (request, call) -> {
          throw new RpcException(RpcStatus.NOT_FOUND, "no such article");
        });
    assertLogged(Level.INFO, "served method, ", "NOT_FOUND");
    assertLogged(Level.INFO, "served method, ", "no such article");
  }

  @Test
  void whatNobodyThoughtOfIsAWarning() {
    serve(
        (request, call) -> {
          throw new IllegalStateException("broken");
        });
    assertLogged(Level.WARN, "served method, ", "SYSTEM_ERROR");
  }

  @Test
  void aFailedCallOfTheHandlersIsAWarning() {
    serve(
        (request, call) -> {
          throw new RpcException(RpcStatus.FAIL, "asked", "not now", null);
        });
    assertLogged(Level.WARN, "served method, ", "SYSTEM_ERROR");
  }

  /** A peer that does what it is told. */
  private static final class Peer implements RpcCaller {
    final CompletableFuture<Object> answer = new CompletableFuture<>();

    @Override
    @SuppressWarnings("unchecked")
    public <Q, R> CompletableFuture<R> call(
        RpcMethod<Q, R> method, Q request, CallOptions options) {
      return (CompletableFuture<R>) answer;
    }

    @Override
    public StreamCall open(StreamMethod method, byte[] parameters, CallOptions options) {
      throw new RpcException(RpcStatus.REJECTED, "no streams");
    }

    @Override
    public boolean mayBlock() {
      return true;
    }

    @Override
    public String toString() {
      return "the peer";
    }
  }

  private static CompletableFuture<String> call(Peer peer) {
    return peer.intercepted(new CallLogging()).call(METHOD, "request");
  }

  @Test
  void aCallThatSucceedsIsDebug() {
    Peer peer = new Peer();
    call(peer);
    assertThat(log.list).isEmpty();
    peer.answer.complete("answer");
    assertLogged(Level.DEBUG, "called method, the peer: SUCCESS after PT", "");
  }

  @Test
  void aCallThatIsLostIsAWarning() {
    Peer peer = new Peer();
    call(peer);
    peer.answer.completeExceptionally(
        new RpcException(RpcStatus.DISCONNECTED, "method", "gone", null));
    assertLogged(Level.WARN, "called method, the peer: DISCONNECTED after PT", "gone");
  }

  @Test
  void aCallThatIsGivenUpIsInfo() {
    Peer peer = new Peer();
    call(peer).cancel(false);
    assertLogged(Level.INFO, "called method, the peer: CANCELLED after PT", "");
  }
}
