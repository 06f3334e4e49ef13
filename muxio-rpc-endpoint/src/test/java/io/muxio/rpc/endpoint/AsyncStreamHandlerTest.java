package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streaming methods whose handlers answer with a publisher, on both kinds of threads. */
class AsyncStreamHandlerTest {
  private static final StreamMethod METHOD = StreamMethod.of("method");

  private EndpointLink link;

  private StreamAnswer open(ExecutionMode mode, AsyncStreamHandler handler) {
    link = new EndpointLink(RpcEndpoint.builder().handleStreamAsync(METHOD, handler, mode));
    return link.open(METHOD, NOTHING);
  }

  private ByteBuf chunk(String text) {
    return link.buffer(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A publisher that the test moves. */
  private static final class Source implements Flow.Publisher<ByteBuf>, Flow.Subscription {
    Flow.Subscriber<? super ByteBuf> subscriber;
    long asked;
    int cancels;

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuf> subscriber) {
      this.subscriber = subscriber;
      subscriber.onSubscribe(this);
    }

    @Override
    public void request(long count) {
      asked += count;
    }

    @Override
    public void cancel() {
      cancels++;
    }
  }

  /** A subscriber that asks for everything and fails at the first chunk. */
  private static final class Failing implements Flow.Subscriber<ByteBuf> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
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
  }

  @ParameterizedTest
  @EnumSource
  void theRequestItselfMayBeTheAnswer(ExecutionMode mode) {
    StreamAnswer answer = open(mode, (request, call) -> request).send("one", "two");
    link.settle();
    answer.assertOpen("one", "two");
    answer.send("three").end();
    link.settle();
    answer.assertEnded("one", "two", "three");
    link.finish();
  }

  @Test
  void onTheEventLoopNothingElseIsNeeded() {
    StreamAnswer answer = open(ExecutionMode.EVENT_LOOP, (request, call) -> request);
    answer.send("one").end();
    assertThat(link.handlers.waiting()).isZero();
    answer.assertEnded("one");
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void aLargeEchoToAPeerThatDoesNotReadWaitsAndGoesOn(ExecutionMode mode) {
    StreamAnswer answer = open(mode, (request, call) -> request);
    link.settle();
    link.thread.writable(false);
    int chunks = 100;
    for (int i = 0; i < chunks; i++) {
      answer.send(new byte[10_000]);
      link.settle();
    }
    answer.assertNone();
    assertThat(link.bufferedBytes()).as("waits unread").isGreaterThan(500_000);
    link.thread.writable(true);
    answer.end();
    link.settle();
    assertThat(answer.bytes()).isEqualTo(chunks * 10_000);
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void aPublisherThatFailsBeforeItsFirstChunkIsAStatus(ExecutionMode mode) {
    Source source = new Source();
    StreamAnswer answer = open(mode, (request, call) -> source).send("unread");
    link.settle();
    source.subscriber.onError(new RpcException(RpcStatus.FAIL, "deliberate"));
    link.settle();
    answer.assertFailed(ResponseStatus.FAIL, "deliberate");
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void aPublisherThatFailsLaterFailsTheAnswer(ExecutionMode mode) {
    Source source = new Source();
    StreamAnswer answer = open(mode, (request, call) -> source);
    link.settle();
    source.subscriber.onNext(chunk("one"));
    link.settle();
    source.subscriber.onNext(chunk("two"));
    source.subscriber.onError(new IllegalStateException("deliberate"));
    link.settle();
    answer.assertFailedBehind(ResponseStatus.SYSTEM_ERROR, "internal error", "one");
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerThatThrowsOrGivesNoPublisherIsAnError(ExecutionMode mode) {
    StreamAnswer thrown =
        open(
            mode,
            (request, call) -> {
              throw new RpcException(RpcStatus.FAIL, "deliberate");
            });
    link.settle();
    thrown.assertFailed(ResponseStatus.FAIL, "deliberate");
    link.finish();

    StreamAnswer none = open(mode, (request, call) -> null);
    link.settle();
    none.assertFailed(ResponseStatus.SYSTEM_ERROR, "internal error");
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void aSubscriberOfTheRequestThatThrowsFailsTheCall(ExecutionMode mode) {
    Source source = new Source();
    StreamAnswer answer =
        open(
            mode,
            (request, call) -> {
              request.subscribe(new Failing());
              return source;
            });
    answer.send("one", "two");
    link.settle();
    answer.assertFailed(ResponseStatus.SYSTEM_ERROR, "internal error");
    assertThat(source.cancels).isEqualTo(1);
    link.finish();
  }

  @Test
  void anExecutorThatRefusesToGoOnFailsTheCall() {
    StreamAnswer answer = open(ExecutionMode.EXECUTOR, (request, call) -> request);
    link.settle();
    link.handlers.reject(true);
    answer.send("one");
    link.handlers.reject(false);
    link.settle();
    answer.assertFailed(ResponseStatus.SYSTEM_ERROR, "overloaded");
    link.finish();
  }

  @Test
  void anExecutorThatRefusesHalfWayFailsTheAnswer() {
    StreamAnswer answer = open(ExecutionMode.EXECUTOR, (request, call) -> request).send("one");
    link.settle();
    link.handlers.reject(true);
    answer.send("two");
    link.handlers.reject(false);
    link.settle();
    answer.assertFailedBehind(ResponseStatus.SYSTEM_ERROR, "overloaded", "one");
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerMayEndBeforeTheRequest(ExecutionMode mode) {
    Source source = new Source();
    StreamAnswer answer = open(mode, (request, call) -> source).send("unread");
    link.settle();
    assertThat(link.bufferedBytes()).isPositive();
    assertThat(source.asked).isPositive();
    source.subscriber.onNext(chunk("all"));
    source.subscriber.onComplete();
    link.settle();
    answer.assertEnded("all");
    assertThat(link.bufferedBytes()).isZero();
    answer.send("late");
    assertThat(link.openStreams()).as("the caller has voided its request").isZero();
    link.finish();
  }
}
