package io.muxio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is left of a call that nobody waits for any more: neither memory nor a line in the log. */
class LateAnswerTest {
  private static final RpcMethod<byte[], byte[]> METHOD =
      RpcMethod.unary("method", Codec.bytes(), Codec.bytes());
  private static final byte[] REQUEST = new byte[60_000];
  private static final byte[] CHUNK = new byte[50_000];

  private final ScriptedPeer server = InMemoryLink.builder().connectToScriptedServer();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  /** The configuration of these tests switches two of the project's loggers off. */
  private final List<Logger> loggers =
      List.of(
          (Logger) LoggerFactory.getLogger("io.muxio"),
          (Logger) LoggerFactory.getLogger("io.muxio.rpc.endpoint.RpcEndpoint"),
          (Logger) LoggerFactory.getLogger("io.muxio.core.rpc.RpcDispatcher"));

  private final List<Level> levels = Arrays.asList(loggers.get(0).getLevel(), Level.OFF, Level.OFF);

  @BeforeEach
  void recordAllAboveDebug() {
    log.start();
    loggers.forEach(logger -> logger.setLevel(Level.INFO));
    loggers.get(0).addAppender(log);
  }

  @AfterEach
  void stopRecording() {
    server.close();
    loggers.get(0).detachAppender(log);
    for (int i = 0; i < loggers.size(); i++) {
      loggers.get(i).setLevel(levels.get(i));
    }
  }

  private CompletableFuture<byte[]> call(CallOptions options) {
    return server.tested().caller().call(METHOD, REQUEST, options);
  }

  private void assertNothingIsLeft() {
    assertThat(server.usage()).isEqualTo(Usage.ZERO);
    assertThat(server.allocatedBytes()).isZero();
  }

  private static RpcStatus statusOf(CompletableFuture<?> call) throws Exception {
    return call.handle((answer, failure) -> ((RpcException) failure).status())
        .get(20, TimeUnit.SECONDS);
  }

  @Test
  void anAnswerBehindTheDeadlineIsDroppedSilently() throws Exception {
    CompletableFuture<byte[]> call = call(CallOptions.deadline(Duration.ofMillis(10)));
    ReceivedStream received = server.expectCall(METHOD);
    assertThat(statusOf(call)).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
    assertNothingIsLeft();

    server.beginAnswer(received, ResponseStatus.SUCCESS).chunk(CHUNK).chunk(CHUNK).end();

    assertNothingIsLeft();
    assertThat(log.list).isEmpty();
  }

  /** Half of it is there by then. */
  @Test
  void theRestOfAnAnswerIsDroppedSilentlyOnceTheCallIsCancelled() {
    CompletableFuture<byte[]> call = call(CallOptions.DEFAULT);
    ReceivedStream received = server.expectCall(METHOD);
    SentStream answer = server.beginAnswer(received, ResponseStatus.SUCCESS).chunk(CHUNK);
    assertThat(server.usage().pendingCalls()).isOne();
    assertThat(server.allocatedBytes()).isGreaterThanOrEqualTo(CHUNK.length);

    call.cancel(false);

    assertThat(server.usage().pendingCalls()).isZero();
    assertThat(server.allocatedBytes()).isZero();

    answer.chunk(CHUNK).end();

    assertNothingIsLeft();
    assertThat(log.list).isEmpty();
  }

  @Test
  void manyCallsThatAreCancelledHoldNothing() {
    List<CompletableFuture<byte[]>> calls =
        IntStream.range(0, 100).mapToObj(i -> call(CallOptions.DEFAULT)).toList();
    List<ReceivedStream> received = calls.stream().map(call -> server.expectCall(METHOD)).toList();

    calls.forEach(call -> call.cancel(false));

    assertNothingIsLeft();
    received.forEach(call -> server.answer(call, ResponseStatus.SUCCESS, CHUNK));
    assertNothingIsLeft();
    assertThat(log.list).isEmpty();
  }
}
