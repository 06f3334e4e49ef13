package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which call the code of a handler runs for, and how long that is wanted. */
class ScopeTest {
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM = StreamMethod.of("stream");

  private final List<@Nullable CallScope> seen = new ArrayList<>();
  private final List<CallContext> calls = new ArrayList<>();

  private void look(CallContext call) {
    seen.add(CallContext.current());
    calls.add(call);
  }

  private void assertAllSeen(int count) {
    assertThat(seen).hasSize(count).containsExactlyElementsOf(calls);
    assertThat(CallScope.current()).as("the scope of the thread afterwards").isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aUnaryHandlerAndItsInterceptorsRunInTheScopeOfTheCall(ExecutionMode mode) {
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handlerInterceptor(
                    (call, next) -> {
                      look(call);
                      return next.proceed();
                    })
                .handle(
                    METHOD,
                    (text, call) -> {
                      look(call);
                      return text;
                    },
                    mode));
    Answer answer = link.call(METHOD, "text");
    link.settle();
    answer.assertSuccess("text");
    assertAllSeen(2);
    link.finish();
  }

  /** The handler is brought to a thread for handlers by the interceptor's proceed. */
  @ParameterizedTest
  @EnumSource
  void aHandlerThatIsCalledLaterRunsInTheScopeOfTheCall(ExecutionMode mode) {
    List<Runnable> later = new ArrayList<>();
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handlerInterceptor(
                    (call, next) -> {
                      CompletableFuture<Object> result = new CompletableFuture<>();
                      later.add(() -> next.proceed().thenAccept(result::complete));
                      return result;
                    })
                .handleAsync(
                    METHOD,
                    (text, call) -> {
                      look(call);
                      return CompletableFuture.completedFuture(text);
                    },
                    mode));
    Answer answer = link.call(METHOD, "text");
    link.settle();
    later.forEach(Runnable::run);
    link.settle();
    answer.assertSuccess("text");
    assertAllSeen(1);
    link.finish();
  }

  @ParameterizedTest
  @EnumSource
  void whatHandlesTheChunksOfAStreamRunsInTheScopeOfTheCall(ExecutionMode mode) {
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleStreamAsync(
                    STREAM,
                    (request, call) -> {
                      look(call);
                      return subscriber -> request.subscribe(new Looking(subscriber, call));
                    },
                    mode));
    StreamAnswer answer = link.open(STREAM, new byte[0]);
    link.settle();
    answer.send("chunk");
    answer.end();
    link.settle();
    assertThat(seen).hasSizeGreaterThan(2);
    assertAllSeen(seen.size());
    link.finish();
  }

  /** Looks at every signal in both directions. */
  private final class Looking implements Flow.Subscriber<ByteBuf> {
    private final Flow.Subscriber<? super ByteBuf> next;
    private final CallContext call;

    Looking(Flow.Subscriber<? super ByteBuf> next, CallContext call) {
      this.next = next;
      this.call = call;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      next.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long count) {
              look(call);
              subscription.request(count);
            }

            @Override
            public void cancel() {
              subscription.cancel();
            }
          });
    }

    @Override
    public void onNext(ByteBuf chunk) {
      look(call);
      next.onNext(chunk);
    }

    @Override
    public void onError(Throwable failure) {
      next.onError(failure);
    }

    @Override
    public void onComplete() {
      look(call);
      next.onComplete();
    }
  }

  @Test
  void aThreadWithoutACallSaysSo() {
    assertThatThrownBy(CallContext::current)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("thread " + Thread.currentThread().getName() + " serves no call");
  }

  @Test
  void anActionThatWasRemovedIsNotRun() {
    List<String> told = new ArrayList<>();
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(
                    METHOD,
                    (text, call) -> {
                      CallScope.Registration removed = call.onCancel(() -> told.add("removed"));
                      call.onCancel(() -> told.add("kept"));
                      removed.remove();
                      removed.remove();
                      return new CompletableFuture<>();
                    }));
    link.call(METHOD, "text");
    link.settle();
    link.disconnect();
    link.settle();
    assertThat(told).containsExactly("kept");
    link.finish();
  }

  @Test
  void callTimeoutBoundsTheTimeThatIsLeft() {
    Duration limit = Duration.ofMinutes(5);
    List<@Nullable Duration> left = new ArrayList<>();
    RpcEndpoint endpoint =
        RpcEndpoint.builder()
            .handle(
                METHOD,
                (text, call) -> {
                  left.add(call.timeLeft());
                  return text;
                })
            .handleStream(STREAM, (request, response, call) -> left.add(call.timeLeft()))
            .build();
    EndpointLink link =
        new EndpointLink(endpoint, CoreLimits.builder(), new CallTimeouts(limit, limit));
    link.call(METHOD, "text");
    link.settle();
    assertThat(left.remove(0)).isPositive().isLessThanOrEqualTo(limit);
    link.open(STREAM, new byte[0]).end();
    link.settle();
    assertThat(left.remove(0)).as("a stream may last as long as it likes").isNull();
    link.finish();

    EndpointLink unbounded = new EndpointLink(endpoint, CoreLimits.builder());
    unbounded.call(METHOD, "text");
    unbounded.settle();
    assertThat(left.remove(0)).isNull();
    unbounded.finish();
  }

  @Test
  void theTimeThatIsLeftIsNeverNegative() {
    List<CallContext> contexts = new ArrayList<>();
    RpcEndpoint endpoint =
        RpcEndpoint.builder()
            .handleAsync(
                METHOD,
                (text, call) -> {
                  contexts.add(call);
                  return new CompletableFuture<>();
                })
            .build();
    EndpointLink link =
        new EndpointLink(
            endpoint, CoreLimits.builder(), new CallTimeouts(Duration.ZERO, Duration.ofNanos(1)));
    Answer answer = link.call(METHOD, "text");
    link.settle();
    link.timer.expireAll(link.loop);
    link.settle();
    answer.assertText(ResponseStatus.SYSTEM_ERROR, "no answer within PT0.000000001S (callTimeout)");
    assertThat(contexts.get(0).isCancelled()).isTrue();
    assertThat(contexts.get(0).timeLeft()).isZero();
    link.finish();
  }
}
