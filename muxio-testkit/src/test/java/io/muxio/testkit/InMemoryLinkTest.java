package io.muxio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.muxio.rpc.endpoint.CallTimeouts;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the contract does not ask of a link. */
class InMemoryLinkTest {
  private static final RpcMethod<String, String> GREET =
      RpcMethod.unary("greet", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<ByteBuf, ByteBuf> ECHO =
      RpcMethod.unary("echo", Codec.byteBuf(), Codec.byteBuf());

  @Test
  void aServiceIsCalledWithoutSockets() {
    RpcEndpoint greeter =
        RpcEndpoint.builder().handle(GREET, (name, call) -> "Hello " + name).build();
    try (InMemoryLink link = InMemoryLink.to(greeter)) {
      assertThat(link.client().caller().call(GREET, "Ada").join()).isEqualTo("Hello Ada");
    }
  }

  @Test
  void theServersHandlersLearnWhoTheClientIs() {
    Principal ada = () -> "Ada";
    RpcEndpoint greeter =
        RpcEndpoint.builder()
            .handlerInterceptor(
                (call, next) -> {
                  if (call.principal() == null) {
                    throw new RpcException(RpcStatus.FAIL, "log in first");
                  }
                  return next.proceed();
                })
            .handle(GREET, (greeting, call) -> greeting + " " + call.principal().getName())
            .build();
    InMemoryLink.Builder builder = InMemoryLink.builder().server(greeter);
    try (InMemoryLink link = builder.connect()) {
      assertThat(link.client().caller().call(GREET, "Hello"))
          .failsWithin(Duration.ofSeconds(20))
          .withThrowableThat()
          .withMessageContaining("log in first");
      assertThat(link.server().principal()).isNull();
    }
    try (InMemoryLink link = builder.principal(ada).connect()) {
      assertThat(link.client().caller().call(GREET, "Hello").join()).isEqualTo("Hello Ada");
      assertThat(link.server().principal()).isSameAs(ada);
      assertThat(link.client().principal()).as("the server").isNull();
    }
  }

  @Test
  void eachEndTellsWhatItHolds() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    RpcEndpoint slow = RpcEndpoint.builder().handleAsync(GREET, (name, call) -> answer).build();
    try (InMemoryLink link = InMemoryLink.to(slow)) {
      CompletableFuture<String> call = link.client().caller().call(GREET, "Ada");
      assertThat(link.clientUsage()).isEqualTo(new Usage(0, 1, 0, 0));
      assertThat(link.serverUsage().inboundCalls()).isLessThanOrEqualTo(1);
      answer.complete("late");
      assertThat(call.join()).isEqualTo("late");
      assertThat(link.clientUsage()).isEqualTo(Usage.ZERO);
    }
  }

  @Test
  void aBufferThatSomebodyKeepsIsCounted() {
    RpcEndpoint echo = RpcEndpoint.builder().handle(ECHO, (bytes, call) -> bytes).build();
    InMemoryLink link = InMemoryLink.to(echo);
    ByteBuf kept = link.client().caller().call(ECHO, Unpooled.buffer().writeByte(1)).join();
    link.close();
    assertThat(link.allocatedBytes()).isPositive();
    kept.release();
    assertThat(link.allocatedBytes()).isZero();
  }

  @Test
  void theEndsDoNotShareMemory() {
    ByteBuf sent = Unpooled.copiedBuffer("before", StandardCharsets.UTF_8);
    CompletableFuture<String> overwritten = new CompletableFuture<>();
    RpcEndpoint echo =
        RpcEndpoint.builder()
            .handleAsync(ECHO, (bytes, call) -> overwritten.thenApply(text -> bytes))
            .build();
    try (InMemoryLink link = InMemoryLink.to(echo)) {
      CompletableFuture<ByteBuf> call = link.client().caller().call(ECHO, sent.retainedDuplicate());
      link.clientUsage(); // it has been sent
      sent.setZero(0, sent.readableBytes()).release();
      overwritten.complete("");
      ByteBuf answer = call.join();
      assertThat(answer.toString(StandardCharsets.UTF_8)).isEqualTo("before");
      answer.release();
    }
  }

  @Test
  void theTimeOfCallsIsBounded() {
    RpcEndpoint never =
        RpcEndpoint.builder().handleAsync(GREET, (name, call) -> new CompletableFuture<>()).build();
    CallTimeouts timeouts = new CallTimeouts(Duration.ZERO, Duration.ofMillis(10));
    try (InMemoryLink link = InMemoryLink.builder().server(never).timeouts(timeouts).connect()) {
      assertThat(link.client().caller().call(GREET, "Ada"))
          .failsWithin(Duration.ofSeconds(20))
          .withThrowableThat()
          .withMessageContaining("callTimeout");
    }
  }

  @Test
  void itsThreadsCannotCloseIt() {
    CompletableFuture<InMemoryLink> itself = new CompletableFuture<>();
    RpcEndpoint closes =
        RpcEndpoint.builder()
            .handle(
                GREET,
                (name, call) -> {
                  assertThatIllegalStateException()
                      .isThrownBy(() -> itself.join().close())
                      .withMessageContaining("expected: another thread");
                  return "refused";
                },
                ExecutionMode.EVENT_LOOP)
            .build();
    try (InMemoryLink link = InMemoryLink.to(closes)) {
      itself.complete(link);
      assertThat(link.client().caller().call(GREET, "").join()).isEqualTo("refused");
    }
  }

  /** The test's thread may be a handler's. */
  @Test
  void aHandlerCanCloseIt() {
    CompletableFuture<InMemoryLink> itself = new CompletableFuture<>();
    RpcEndpoint closes =
        RpcEndpoint.builder()
            .handle(
                GREET,
                (name, call) -> {
                  itself.join().close();
                  return "nobody hears it";
                })
            .build();
    InMemoryLink link = InMemoryLink.to(closes);
    itself.complete(link);
    assertThat(link.client().caller().call(GREET, ""))
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withMessageContaining("DISCONNECTED");
  }
}
