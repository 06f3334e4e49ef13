package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.BearerTokens;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that expire, and where a client gets new ones. */
@Timeout(120)
class TokenSourceIT {
  private static final RpcMethod<String, String> WHO =
      RpcMethod.unary("who", Codec.utf8(), Codec.utf8());
  private static final Principal ADA = () -> "Ada";
  private static final ReconnectPolicy AT_ONCE = (attempt, cause) -> Duration.ofMillis(5);

  private final AtomicInteger given = new AtomicInteger();
  private final List<String> threads = new CopyOnWriteArrayList<>();
  private final RecordedStates states = new RecordedStates();

  /** The numbers of the tokens that the server knows. */
  private volatile IntPredicate isValid = number -> number == 1;

  private ServerOnPort server;

  @BeforeEach
  void start() throws IOException {
    BearerTokens tokens =
        BearerTokens.by(
            token ->
                CompletableFuture.completedFuture(
                    isValid.test(Integer.parseInt(token.substring("token-".length())))
                        ? Optional.of(ADA)
                        : Optional.empty()));
    server =
        new ServerOnPort(
            builder ->
                builder
                    .authenticator(tokens)
                    .handle(WHO, (text, call) -> call.principal().getName()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RpcClientBuilder client(Callable<String> source) {
    return RpcClient.builder(server.uri())
        .bearerToken(source)
        .reconnectPolicy(AT_ONCE)
        .stateListener(states);
  }

  private String next() {
    threads.add(Thread.currentThread().getName());
    return "token-" + given.incrementAndGet();
  }

  @Test
  void eachAttemptGetsATokenOfItsOwn() throws IOException {
    try (RpcClient client = client(this::next).connect()) {
      isValid = number -> number >= 3; // the second attempt comes too early
      server.restart();
      states.awaitCount(ClientState.CONNECTED, 2);
      assertThat(client.call(WHO, "").join()).isEqualTo("Ada");
    }
    assertThat(given.get()).isGreaterThanOrEqualTo(3);
    assertThat(threads).noneMatch(name -> name.startsWith("muxio-client"));
  }

  @Test
  void thatATokenHasExpiredIsToldToThePolicyAndTheListener() throws IOException {
    List<Throwable> causes = new CopyOnWriteArrayList<>();
    ReconnectPolicy untilRefused =
        (attempt, cause) -> {
          causes.add(cause);
          boolean isExpired =
              cause instanceof HandshakeRefusedException refused && refused.status() == 401;
          return isExpired ? null : Duration.ofMillis(5);
        };
    try (RpcClient client = client(() -> "token-1").reconnectPolicy(untilRefused).connect()) {
      isValid = number -> number == 2;
      await().until(() -> !server.server().connections().isEmpty());
      server.server().connections().get(0).close();
      states.awaitCount(ClientState.DISCONNECTED, 1);
      Throwable last = causes.get(causes.size() - 1);
      assertThat(last)
          .isInstanceOf(HandshakeRefusedException.class)
          .hasMessageContaining("401 Unauthorized")
          .hasMessageContaining("invalid_token");
      assertThat(states.causes()).endsWith(last, last); // the attempt has failed, then given up
      assertThat(Failures.of(client.call(WHO, "")))
          .hasMessageContaining("given up")
          .hasMessageContaining("401 Unauthorized");
      assertThat(server.server().connections()).isEmpty();
    }
  }

  @Test
  void aSourceThatFailsFailsTheAttempt() {
    IOException noNetwork = new IOException("the identity provider is not there");
    assertThatThrownBy(
            () ->
                client(
                        () -> {
                          throw noNetwork;
                        })
                    .connect())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot connect to "
                + server.uri()
                + ": no bearer token: the identity provider is not there")
        .hasRootCause(noNetwork);
  }

  @Test
  void aSourceThatFailsIsAskedAgain() {
    Callable<String> secondTime =
        () -> {
          if (given.incrementAndGet() == 1) {
            throw new StackOverflowError("as the test wants it");
          }
          return "token-1";
        };
    try (RpcClient client = client(secondTime).connectLater()) {
      assertThat(client.call(WHO, "").join()).isEqualTo("Ada");
      assertThat(given.get()).isEqualTo(2);
      assertThat(states.causes().get(0)).hasMessageContaining("no bearer token: as the test wants");
    }
  }

  @Test
  void aSourceThatBlocksHoldsUpTheAttemptOnly() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Callable<String> slow =
        () -> {
          release.await();
          return "token-1";
        };
    try (RpcClient client = client(slow).connectLater()) {
      CompletableFuture<String> call = client.call(WHO, "");
      assertThat(client.state()).isEqualTo(ClientState.CONNECTING);
      release.countDown();
      assertThat(call.join()).isEqualTo("Ada");
    }
  }

  @Test
  void aClientThatIsClosedMeanwhileConnectsNoMore() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Callable<String> slow =
        () -> {
          asked.countDown();
          release.await();
          return "token-1";
        };
    RpcClient client = client(slow).connectLater();
    asked.await();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(client::close);
    await().until(() -> client.state() == ClientState.DISCONNECTED);
    release.countDown();
    closed.join();
    assertThat(states.count(ClientState.CONNECTED)).isZero();
    assertThat(server.server().connections()).isEmpty();
  }

  @Test
  void noTokenIsNamedAsSuch() {
    assertThatThrownBy(() -> client(() -> null).connect())
        .hasMessageEndingWith("no bearer token: bearerToken: null (expected: a token)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sec ret", "secret\r\nX: y", "=", "sécret"})
  void whatCannotBeSentIsNotRepeated(String token) {
    String expected =
        "bearerToken: "
            + token.length()
            + " characters (expected: letters, digits, - . _ ~ + /, and = at the end)";
    assertThatThrownBy(() -> RpcClient.builder("ws://a").bearerToken(token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(expected);
    assertThatThrownBy(() -> client(() -> token).connect())
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(expected);
  }

  /** Else the attempt would never end, nor another begin. */
  @Test
  void aResolverThatBreaksFailsTheAttempt() {
    RpcClientBuilder client =
        RpcClient.builder("ws://some.name:1/ws")
            .resolver(
                name -> {
                  throw new ServiceConfigurationError("as the test wants it");
                });
    assertThatThrownBy(client::connect)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("unknown host some.name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: 9999999\r\nX: a\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\n\r\n",
      })
  void aRefusalIsOneHoweverLongItsText(String answer) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server =
          new Thread(
              () -> {
                try (Socket socket = listener.accept()) {
                  socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                  while (socket.getInputStream().read() >= 0) {}
                } catch (IOException e) {
                  // the client has closed
                }
              });
      server.start();
      RpcClientBuilder client =
          RpcClient.builder("ws://127.0.0.1:" + listener.getLocalPort() + "/ws");
      assertThatThrownBy(client::connect)
          .hasCauseInstanceOf(HandshakeRefusedException.class)
          .hasMessageNotContaining("\n");
      server.join();
    }
  }
}
