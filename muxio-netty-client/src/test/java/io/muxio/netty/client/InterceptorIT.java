package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.endpoint.HandlerInterceptor;
import io.muxio.rpc.service.CallInterceptor;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.Retry;
import io.muxio.rpc.service.RetryBudget;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcName;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Interceptors that were set by the builders of servers and clients. */
@Timeout(60)
public class InterceptorIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> LOG_IN =
      RpcMethod.unary("log_in", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> ASK =
      RpcMethod.unary("ask", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> OF_THE_CLIENT =
      RpcMethod.unary("of_the_client", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> NEVER =
      RpcMethod.unary("never", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, byte[]> HUGE =
      RpcMethod.unary("huge", Codec.utf8(), Codec.bytes());
  private static final StreamMethod STREAM = StreamMethod.of("stream");
  private static final AttributeKey<String> USER = AttributeKey.valueOf("InterceptorIT.user");
  private static final ReconnectPolicy AT_ONCE = (attempt, cause) -> Duration.ofMillis(5);

  /** A service of one method. */
  public interface Greeter {
    @RpcName("greeter.greet")
    String greet(String name);
  }

  private final List<String> byServer = new CopyOnWriteArrayList<>();
  private final List<String> byClient = new CopyOnWriteArrayList<>();
  private final AtomicInteger arrived = new AtomicInteger();
  private ServerOnPort server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerOnPort(this::methods);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Notes the names of what is called. */
  private record Noting(List<String> names) implements CallInterceptor {
    @Override
    public <Q, R> CompletableFuture<R> call(
        RpcMethod<Q, R> method, Q request, CallOptions options, RpcCaller next) {
      names.add(method.name());
      return next.call(method, request, options);
    }

    @Override
    public StreamCall open(
        StreamMethod method, byte[] parameters, CallOptions options, RpcCaller next) {
      names.add(method.name());
      return next.open(method, parameters, options);
    }
  }

  private void methods(RpcServerBuilder builder) {
    builder
        .callInterceptor(new Noting(byServer))
        .handle(ECHO, (text, call) -> text)
        .handle(ASK, (text, call) -> call.connection().caller().call(OF_THE_CLIENT, text).join())
        .handle(HUGE, (text, call) -> new byte[20 << 20])
        .handleAsync(
            NEVER,
            (text, call) -> {
              arrived.incrementAndGet();
              return new CompletableFuture<>();
            })
        .service(Greeter.class, (Greeter) name -> "Hello " + name)
        .handleStreamAsync(STREAM, (request, call) -> request);
  }

  private RpcClientBuilder client() {
    return RpcClient.builder(server.uri()).reconnectPolicy(AT_ONCE);
  }

  @Test
  void aClientsCallsAllGoThroughItsInterceptorsOnce() throws IOException {
    try (RpcClient client =
        client()
            .callInterceptor(new Noting(byClient))
            .handle(
                OF_THE_CLIENT, (text, call) -> call.connection().caller().call(ECHO, text).join())
            .connect()) {
      client.call(ECHO, "x").join();
      client.connection().caller().call(ECHO, "x").join();
      assertThat(client.service(Greeter.class).greet("Ada")).isEqualTo("Hello Ada");
      client.open(STREAM).close();
      assertThat(client.call(ASK, "x").join()).isEqualTo("x");
      assertThat(byClient)
          .containsExactly("echo", "echo", "greeter.greet", "stream", "ask", "echo");
      assertThat(byServer).containsExactly("of_the_client");
    }
  }

  @Test
  void callsThatWaitForAConnectionGoThroughThemOnce() throws IOException {
    server.stop();
    try (RpcClient client = client().callInterceptor(new Noting(byClient)).connectLater()) {
      CompletableFuture<String> call = client.call(ECHO, "x");
      StreamCall stream = client.open(STREAM);
      server.start();
      assertThat(call.join()).isEqualTo("x");
      stream.request().end().toCompletableFuture().join();
      stream.ended().toCompletableFuture().join();
      assertThat(byClient).containsExactly("echo", "stream");
    }
  }

  @Test
  void aServerAsksWhoTheCallerIs() throws IOException {
    HandlerInterceptor known =
        (call, next) -> {
          if (call.method().name().equals("echo") && call.connection().attr(USER).get() == null) {
            throw new RpcException(RpcStatus.FAIL, "log in first");
          }
          return next.proceed();
        };
    try (ServerOnPort guarded =
            new ServerOnPort(
                builder ->
                    builder
                        .handlerInterceptor(known)
                        .handle(ECHO, (text, call) -> text)
                        .handle(
                            LOG_IN,
                            (user, call) -> {
                              call.connection().attr(USER).set(user);
                              return "welcome";
                            }));
        RpcClient client = RpcClient.connect(guarded.uri())) {
      RpcException refused = Failures.of(client.call(ECHO, "x"));
      assertThat(refused).hasMessage("echo: FAIL: log in first");
      client.call(LOG_IN, "Ada").join();
      assertThat(client.call(ECHO, "x").join()).isEqualTo("x");
    }
  }

  @Test
  void aCallThatWasLostIsMadeAgainByTheRetryAlone() throws IOException {
    Retry retry =
        Retry.builder().maxAttempts(2).backoff(Duration.ofMillis(1), Duration.ofMillis(1)).build();
    try (RpcClient client =
        client().callInterceptor(retry).callInterceptor(new Noting(byClient)).connect()) {
      CompletableFuture<String> call =
          client.call(NEVER, "x", CallOptions.deadline(Duration.ofSeconds(50)).idempotent());
      await().until(() -> arrived.get() == 1);
      server.restart();
      await().until(() -> arrived.get() == 2);
      server.restart();
      assertThat(Failures.of(call))
          .hasMessageContaining("never: DISCONNECTED")
          .hasMessageEndingWith("(attempt 2 of 2)");
      assertThat(byClient).containsExactly("never", "never");
      assertThat(arrived).hasValue(2);
    }
  }

  @Test
  void aClosedClientIsNotCalledAgain() throws IOException {
    RpcClient client =
        client()
            .callInterceptor(Retry.builder().build())
            .callInterceptor(new Noting(byClient))
            .connect();
    assertThat(client.isClosed()).isFalse();
    client.close();
    assertThat(client.isClosed()).isTrue();
    assertThat(Failures.of(client.call(ECHO, "x")))
        .hasMessage(
            "echo: DISCONNECTED: the client is closed"
                + " (attempt 1 of 3, there will be no connection any more)");
    assertThat(byClient).containsExactly("echo");
  }

  @Test
  void aCallWithoutAConnectionIsMadeAgainUntilThereIsOne() throws IOException {
    Retry retry =
        Retry.builder()
            .maxAttempts(1_000_000)
            .backoff(Duration.ofMillis(10), Duration.ofMillis(10))
            .budget(new RetryBudget(0, 1_000_000, 1_000_000))
            .build();
    server.stop();
    try (RpcClient client =
        client().callInterceptor(retry).callInterceptor(new Noting(byClient)).connectLater()) {
      CompletableFuture<String> call = client.call(ECHO, "x", CallOptions.DEFAULT.failFast());
      await().until(() -> byClient.size() > 2);
      server.start();
      assertThat(call.join()).isEqualTo("x");
    }
  }

  @Test
  void theDeadlineEndsACallThroughItsRetries() throws IOException {
    try (RpcClient client =
        client().callInterceptor(Retry.builder().maxAttempts(100).build()).connect()) {
      CallOptions soon = CallOptions.deadline(Duration.ofMillis(100)).idempotent();
      assertThat(Failures.of(client.call(NEVER, "x", soon)).status())
          .isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
      assertThat(arrived).hasValue(1);
    }
  }

  @Test
  void aHugeAnswerFailsItsCallAlone() throws IOException {
    try (RpcClient client = client().connect()) {
      CallOptions bounded = CallOptions.DEFAULT.withMaxResponseSize(1_000);
      CompletableFuture<byte[]> call = client.call(HUGE, "x", bounded);
      CompletableFuture<String> other = client.call(ECHO, "y");
      RpcException failure = Failures.of(call);
      assertThat(failure.status()).isEqualTo(RpcStatus.REJECTED);
      assertThat(failure).hasMessageContaining("at most 1000, maxResponseSize of the call");
      assertThat(other.join()).isEqualTo("y");
      assertThat(client.call(HUGE, "x").join()).hasSize(20 << 20);
    }
  }
}
