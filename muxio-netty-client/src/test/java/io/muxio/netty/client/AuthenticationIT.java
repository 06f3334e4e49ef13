package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.Admission;
import io.muxio.netty.server.Authenticator;
import io.muxio.netty.server.BearerTokens;
import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.netty.server.ServerLimits;
import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.endpoint.HandlerInterceptor;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may call and who may not: what both ends know of it, and that nothing is left of who not. */
@Timeout(120)
class AuthenticationIT {
  private static final RpcMethod<String, String> WHO =
      RpcMethod.unary("who", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> DELETE =
      RpcMethod.unary("delete", Codec.utf8(), Codec.utf8());
  private static final BearerTokens TOKENS =
      BearerTokens.of(Map.of("token-of-ada", () -> "Ada", "token-of-bob", () -> "Bob"));

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<Principal> principals = new CopyOnWriteArrayList<>();
  private ServerOnPort server;

  private void guardedBy(Authenticator authenticator) throws IOException {
    serve(builder -> builder.authenticator(authenticator));
  }

  private void serve(UnaryOperator<RpcServerBuilder> settings) throws IOException {
    server =
        new ServerOnPort(
            builder ->
                settings
                    .apply(builder)
                    .connectionListener(new Recorder())
                    .handle(WHO, (text, call) -> nameOf(call.principal()))
                    .handle(DELETE, AuthenticationIT::delete));
  }

  private static String nameOf(Principal principal) {
    return principal == null ? "nobody" : principal.getName();
  }

  /** Authorises by who calls. */
  private static String delete(String what, CallContext call) {
    if (!nameOf(call.principal()).equals("Ada")) {
      throw new RpcException(RpcStatus.FAIL, "only Ada deletes");
    }
    return "deleted " + what;
  }

  private final class Recorder implements ConnectionListener {
    @Override
    public void onConnecting(RpcConnection connection) {
      events.add("connecting");
    }

    @Override
    public void onConnected(RpcConnection connection) {
      principals.add(connection.principal());
      events.add("connected");
    }

    @Override
    public void onError(RpcConnection connection, Throwable cause) {
      events.add(cause.getMessage());
    }

    @Override
    public void onDisconnected(RpcConnection connection) {
      principals.add(connection.principal());
      events.add("disconnected");
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RpcClientBuilder client() {
    return RpcClient.builder(server.uri());
  }

  /** The client is refused, both ends know why, and nothing is left. */
  private HandshakeRefusedException assertRefused(RpcClientBuilder client, String answer) {
    HandshakeRefusedException failure =
        catchThrowableOfType(HandshakeRefusedException.class, client::connect);
    assertThat(failure).as("connect() has failed").isNotNull();
    assertThat(failure.getMessage())
        .startsWith("cannot connect to ")
        .contains("/ws: the server answered " + answer);
    await().until(() -> events.contains("disconnected"));
    assertThat(events)
        .containsExactly("connecting", "upgrade refused, answered " + answer, "disconnected");
    assertThat(principals).containsExactly((Principal) null);
    assertThat(server.server().connections()).isEmpty();
    return failure;
  }

  @Test
  void aHandlerAuthorisesByThePrincipal() throws IOException {
    guardedBy(TOKENS);
    try (RpcClient ada = client().bearerToken("token-of-ada").connect();
        RpcClient bob = client().bearerToken("token-of-bob").connect()) {
      assertThat(ada.call(WHO, "").join()).isEqualTo("Ada");
      assertThat(bob.call(WHO, "").join()).isEqualTo("Bob");
      assertThat(ada.call(DELETE, "all").join()).isEqualTo("deleted all");
      assertThat(Failures.of(bob.call(DELETE, "all"))).hasMessageContaining("only Ada deletes");
      assertThat(ada.connection().principal()).as("of the server").isNull();
    }
    await().until(() -> events.stream().filter("disconnected"::equals).count() == 2);
    assertThat(principals)
        .extracting(Principal::getName)
        .containsExactlyInAnyOrder("Ada", "Ada", "Bob", "Bob");
  }

  @Test
  void anInterceptorAuthorisesForAllMethods() throws IOException {
    Authenticator withOrWithoutToken =
        request ->
            request.header("Authorization") == null
                ? CompletableFuture.completedFuture(Admission.anonymous())
                : TOKENS.authenticate(request);
    HandlerInterceptor onlyKnownOnes =
        (call, next) -> {
          if (call.principal() == null) {
            throw new RpcException(RpcStatus.FAIL, "who are you?");
          }
          return next.proceed();
        };
    serve(builder -> builder.authenticator(withOrWithoutToken).handlerInterceptor(onlyKnownOnes));
    try (RpcClient bob = client().bearerToken("token-of-bob").connect();
        RpcClient stranger = client().connect()) {
      assertThat(bob.call(WHO, "").join()).isEqualTo("Bob");
      assertThat(Failures.of(stranger.call(WHO, ""))).hasMessageContaining("who are you?");
    }
  }

  @Test
  void withoutAnAuthenticatorNobodyHasAName() throws IOException {
    serve(builder -> builder);
    try (RpcClient client = client().bearerToken("any").connect()) {
      assertThat(client.call(WHO, "").join()).isEqualTo("nobody");
    }
  }

  @Test
  void aTokenThatIsNotKnownIsRefused() throws IOException {
    guardedBy(TOKENS);
    HandshakeRefusedException refusal =
        assertRefused(client().bearerToken("token-of-eve"), "401 Unauthorized");
    assertThat(refusal.status()).isEqualTo(401);
    assertThat(refusal.retryAfter()).isNull();
    assertThat(refusal)
        .hasMessageContaining(
            "see bearerToken(…): Bearer realm=\"muxio\", error=\"invalid_token\"");
    assertThat(refusal.toString()).doesNotContain("eve");
  }

  @Test
  void aClientWithoutATokenIsToldHowToGetIn() throws IOException {
    guardedBy(TOKENS);
    assertThat(assertRefused(client(), "401 Unauthorized"))
        .hasMessageEndingWith(
            "wants to know who calls, see bearerToken(…): Bearer realm=\"muxio\")");
  }

  @Test
  void aTokenGoesInsteadOfAHeader() throws IOException {
    guardedBy(TOKENS);
    try (RpcClient client =
        client().header("authorization", "Basic YTpi").bearerToken("token-of-ada").connect()) {
      assertThat(client.call(WHO, "").join()).isEqualTo("Ada");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "forbidden, 403 Forbidden",
    "busy, 429 Too Many Requests",
    "throws, 500 Internal Server Error",
    "hangs, 503 Service Unavailable",
  })
  void whatTheAuthenticatorDoesIsSeenByBothEnds(String does, String answer) throws IOException {
    serve(
        builder ->
            builder
                .limits(ServerLimits.builder().handshakeTimeout(Duration.ofSeconds(3)).build())
                .authenticator(request -> act(does)));
    HandshakeRefusedException refusal = assertRefused(client(), answer);
    assertThat(refusal.status()).isEqualTo(Integer.parseInt(answer.substring(0, 3)));
    assertThat(refusal.retryAfter()).isEqualTo(does.equals("busy") ? Duration.ofSeconds(7) : null);
  }

  private static CompletableFuture<Admission> act(String does) {
    return switch (does) {
      case "forbidden" -> CompletableFuture.completedFuture(Admission.forbidden());
      case "busy" ->
          CompletableFuture.completedFuture(Admission.tooManyRequests(Duration.ofSeconds(7)));
      case "hangs" -> new CompletableFuture<>();
      default -> throw new IllegalStateException("as the test wants it");
    };
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example, false",
    "http://127.0.0.1.evil.example, false",
    "null, false",
    "https://shop.example, true",
    "HTTPS://SHOP.example:443, true",
  })
  void pagesOfOthersHaveToBeAllowed(String origin, boolean isAllowed) throws IOException {
    serve(builder -> builder.allowedOrigins("https://shop.example"));
    RpcClientBuilder page = client().header("Origin", origin);
    if (isAllowed) {
      page.connect().close();
      await().until(() -> events.contains("disconnected"));
      assertThat(events).startsWith("connecting", "connected");
    } else {
      assertThat(assertRefused(page, "403 Forbidden").status()).isEqualTo(403);
    }
  }

  @Test
  void aPageOfTheSameHostMayConnectAndAnyWhereAllMay() throws IOException {
    serve(builder -> builder);
    client().header("Origin", "http://127.0.0.1:" + server.port()).connect().close();
    server.close();
    serve(RpcServerBuilder::allowAnyOrigin);
    client().header("Origin", "http://evil.example").connect().close();
  }

  @Test
  void aCertificateSaysWhoCalls() throws IOException {
    Certificates certificates = Certificates.make("localhost");
    serve(builder -> builder.tls(certificates.serverThatAsks()).authenticator(byCertificate()));
    RpcClientBuilder tls =
        RpcClient.builder("wss://localhost:" + server.port() + "/ws")
            .tls(certificates.clientWithCertificate());
    try (RpcClient client = tls.connect()) {
      assertThat(client.call(WHO, "").join()).isEqualTo("CN=the client");
    }
    await().until(() -> events.contains("disconnected"));
    events.clear();
    principals.clear();
    assertRefused(tls.header("X-Banned", "yes"), "403 Forbidden");
  }

  private static Authenticator byCertificate() {
    return request -> {
      assertThat(request.isSecure()).isTrue();
      Principal subject = request.peerCertificates().get(0).getSubjectX500Principal();
      boolean isBanned = request.header("X-Banned") != null;
      return CompletableFuture.completedFuture(
          isBanned ? Admission.forbidden() : Admission.admit(subject));
    };
  }

  /** The name's other address, where nobody is, says less. */
  @Test
  void whatAServerHasSaidCountsMoreThanThatNobodyWasThere() throws IOException {
    guardedBy(TOKENS);
    InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    InetAddress nobody = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    RpcClientBuilder client =
        RpcClient.builder("ws://some.name:" + server.port() + "/ws")
            .resolver(name -> new InetAddress[] {here, nobody});
    HandshakeRefusedException refusal = assertRefused(client, "401 Unauthorized");
    assertThat(refusal.getCause().getSuppressed()).hasSize(1);
  }
}
