package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The peer's calls are bounded, and so is what interceptors do for calls that are over. */
class InterceptedPlaceTest {
  private static final int LIMIT = 2;
  private static final int CALLS = 20;
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM = StreamMethod.of("method");

  private final List<CompletableFuture<Object>> atWork = new ArrayList<>();

  private CompletableFuture<Object> work() {
    CompletableFuture<Object> begun = new CompletableFuture<>();
    atWork.add(begun);
    return begun;
  }

  /** As one that asks elsewhere who the caller is. */
  private final HandlerInterceptor lookup =
      (call, next) -> work().thenCompose(known -> next.proceed());

  private static EndpointLink link(RpcEndpoint.Builder endpoint) {
    return new EndpointLink(
        endpoint.build(),
        CoreLimits.builder().maxInboundCalls(LIMIT),
        new CallTimeouts(Duration.ZERO, Duration.ofNanos(1)));
  }

  private void assertBounded(EndpointLink link, Runnable oneMore) {
    for (int i = 0; i < CALLS; i++) {
      oneMore.run();
    }
    assertThat(atWork).hasSize(LIMIT);
    List.copyOf(atWork).forEach(work -> work.complete("done"));
    link.settle();
    for (int i = 0; i < CALLS; i++) {
      oneMore.run();
    }
    assertThat(atWork).as("with as many as have ended").hasSize(2 * LIMIT);
    link.close();
  }

  @Test
  void ofStreamsThatWereCancelled() {
    EndpointLink link =
        link(
            RpcEndpoint.builder()
                .handleStreamAsync(STREAM, (request, call) -> request)
                .handlerInterceptor(lookup));
    assertBounded(
        link,
        () -> {
          StreamAnswer answer = link.open(STREAM, NOTHING);
          link.settle();
          answer.cancel();
          link.settle();
        });
  }

  @Test
  void ofCallsThatTookTooLong() {
    EndpointLink link =
        link(
            RpcEndpoint.builder()
                .handle(METHOD, (request, call) -> request)
                .handlerInterceptor(lookup));
    assertBounded(
        link,
        () -> {
          link.call(METHOD, "request");
          link.settle();
          link.timer.expireAll(link.loop);
          link.settle();
        });
  }

  @Test
  void ofCallsWhoseInterceptorDidNotWaitForTheHandler() {
    EndpointLink link =
        link(
            RpcEndpoint.builder()
                .handleAsync(METHOD, (request, call) -> work().thenApply(Object::toString))
                .handlerInterceptor(
                    (call, next) -> {
                      next.proceed();
                      throw new RpcException(RpcStatus.FAIL, "too slow");
                    }));
    assertBounded(
        link,
        () -> {
          link.call(METHOD, "request");
          link.settle();
        });
  }
}
