package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streaming calls that end before their answer does: by the caller, the connection, or a limit. */
class StreamCancelTest {
  private static final StreamMethod METHOD = StreamMethod.of("method");
  private static final StreamMethod PARALLEL = StreamMethod.of("parallel");

  private final List<String> told = new ArrayList<>();
  private final List<RpcStatus> failures = new ArrayList<>();
  private StreamContext context;

  private EndpointLink link(CoreLimits.Builder limits, ExecutionMode mode) {
    return new EndpointLink(
        RpcEndpoint.builder()
            .handleStreamAsync(METHOD, this::idle, mode)
            .handleStreamAsync(PARALLEL, (request, call) -> request, mode)
            .build(),
        limits);
  }

  /** Reads nothing and answers nothing, and notes what it is told. */
  private Flow.Publisher<io.netty.buffer.ByteBuf> idle(ChunkReader request, StreamContext call) {
    context = call;
    call.onCancel(() -> told.add("cancelled"));
    request.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {}

          @Override
          public void onNext(io.netty.buffer.ByteBuf chunk) {
            throw new AssertionError("nothing was asked for");
          }

          @Override
          public void onError(Throwable cause) {
            failures.add(((RpcException) cause).status());
          }

          @Override
          public void onComplete() {
            told.add("request ended");
          }
        });
    return subscriber ->
        subscriber.onSubscribe(
            new Flow.Subscription() {
              @Override
              public void request(long count) {}

              @Override
              public void cancel() {
                told.add("answer cancelled");
              }
            });
  }

  @ParameterizedTest
  @EnumSource
  void aCallerThatCancelsEndsEverything(ExecutionMode mode) {
    EndpointLink link = link(CoreLimits.builder(), mode);
    StreamAnswer answer = link.open(METHOD, new byte[10]).send("one");
    link.settle();
    answer.cancel();
    link.settle();
    assertThat(context.isCancelled()).isTrue();
    assertThat(told).containsExactlyInAnyOrder("cancelled", "answer cancelled");
    assertThat(failures).containsExactly(RpcStatus.CANCELLED);
    assertThat(link.inboundCalls()).isZero();
    assertThat(link.bufferedBytes()).isZero();
    answer.assertNone();
    link.finish();
  }

  /** Else a peer that opens and cancels could have any number of handlers run. */
  @Test
  void aCancelledCallKeepsItsPlaceUntilItsHandlerHasReturned() {
    EndpointLink link = link(CoreLimits.builder().maxInboundCalls(2), ExecutionMode.EXECUTOR);
    link.open(METHOD, new byte[10]).cancel();
    link.open(METHOD, new byte[10]).cancel();
    StreamAnswer third = link.open(METHOD, new byte[10]);
    link.settle();
    third.assertFailed(ResponseStatus.SYSTEM_ERROR, "more than 2 calls at once on this connection");
    link.open(METHOD, new byte[10]);
    link.settle();
    assertThat(context).as("the fourth, when the first two had returned").isNotNull();
    link.disconnect();
    link.settle();
    link.finish();
  }

  @Test
  void aCancelledCallOnTheEventLoopGivesItsPlaceBackAtOnce() {
    EndpointLink link = link(CoreLimits.builder().maxInboundCalls(1), ExecutionMode.EVENT_LOOP);
    StreamAnswer cancelled = link.open(METHOD, new byte[10]).send("one");
    link.settle();
    cancelled.cancel();
    link.settle();
    context = null;
    link.open(METHOD, new byte[10]);
    link.settle();
    assertThat(context).as("the call after it").isNotNull();
    link.disconnect();
    link.settle();
    link.finish();
  }

  @Test
  void aCallThatIsCancelledBeforeItsHandlerRunsIsNeverServed() {
    EndpointLink link = link(CoreLimits.builder(), ExecutionMode.EXECUTOR);
    link.open(METHOD, new byte[10]).send("one").cancel();
    assertThat(link.bufferedBytes()).isZero();
    link.settle();
    assertThat(context).isNull();
    assertThat(link.serverMessages()).isZero();
    link.finish();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionThatEndsEndsEverything(boolean requestEnded) {
    EndpointLink link = link(CoreLimits.builder(), ExecutionMode.EXECUTOR);
    StreamAnswer answer = link.open(METHOD, new byte[10]).send("one");
    StreamAnswer streaming = link.open(PARALLEL, NOTHING).send("two");
    link.settle();
    streaming.assertOpen("two");
    if (requestEnded) {
      answer.end();
      streaming.send("three");
    }
    link.disconnect();
    link.settle();
    assertThat(told).containsExactlyInAnyOrder("cancelled", "answer cancelled");
    assertThat(failures).hasSize(1);
    assertThat(link.bufferedBytes()).isZero();
    link.close();
    assertThat(link.memory()).isZero();
  }

  @Test
  void aConnectionThatEndsWhileTheAnswerWaitsForItsPeerEndsEverything() {
    EndpointLink link = link(CoreLimits.builder(), ExecutionMode.EXECUTOR);
    StreamAnswer answer = link.open(PARALLEL, NOTHING);
    link.settle();
    link.thread.writable(false);
    for (int i = 0; i < 20; i++) {
      answer.send(new byte[10_000]);
      link.settle();
    }
    link.disconnect();
    link.settle();
    assertThat(link.bufferedBytes()).isZero();
    link.close();
    assertThat(link.memory()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aReaderThatIsTooSlowIsNamedWithItsLimit(ExecutionMode mode) {
    EndpointLink link = link(CoreLimits.builder().maxStreamBufferedBytes(10_000), mode);
    StreamAnswer answer = link.open(METHOD, NOTHING);
    StreamAnswer other = link.open(PARALLEL, NOTHING);
    link.settle();
    answer.send(new byte[4000]);
    assertThat(link.isCongested()).isTrue();
    answer.send(new byte[4000]);
    answer.send(new byte[4000]);
    assertThat(link.isCongested()).isFalse();
    other.send("goes on").end();
    link.settle();

    answer.assertFailed(ResponseStatus.SYSTEM_ERROR, "limit 10000 (maxStreamBuffered");
    assertThat(failures).containsExactly(RpcStatus.REJECTED);
    assertThat(told).contains("cancelled", "answer cancelled");
    other.assertEnded("goes on");
    link.finish();
  }

  @Test
  void aReaderThatIsTooSlowBehindItsFirstAnswerFailsIt() {
    EndpointLink link =
        link(CoreLimits.builder().maxStreamBufferedBytes(200_000), ExecutionMode.EVENT_LOOP);
    StreamAnswer answer = link.open(PARALLEL, NOTHING).send("one");
    link.thread.writable(false);
    for (int i = 0; i < 30; i++) { // more than the answer takes and the limit together
      answer.send(new byte[60_000]);
    }
    link.thread.writable(true);
    link.settle();
    answer.assertFailedBehind(ResponseStatus.SYSTEM_ERROR, "maxStreamBufferedBytes", "one");
    link.finish();
  }

  @Test
  void theConnectionsBufferIsALimitToo() {
    EndpointLink link =
        link(CoreLimits.builder().maxBufferedBytes(10_000), ExecutionMode.EVENT_LOOP);
    StreamAnswer one = link.open(METHOD, NOTHING).send(new byte[6000]);
    StreamAnswer two = link.open(METHOD, NOTHING).send(new byte[6000]);
    link.settle();
    one.assertNone();
    two.assertFailed(ResponseStatus.SYSTEM_ERROR, "connection buffers full");
    one.cancel();
    link.finish();
  }
}
