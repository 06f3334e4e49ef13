package io.muxio.netty.server;

import static io.muxio.netty.server.GuardedServer.answerTo;
import static io.muxio.netty.server.GuardedServer.whoIs;
import static io.muxio.netty.server.RecordedEvents.CONNECTED;
import static io.muxio.netty.server.RecordedEvents.CONNECTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.GuardedServer.Asked;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an authenticator can say, and how it can fail: what the client gets, and what is logged. */
@Timeout(120)
class AuthenticatorIT {
  private static final Principal ADA = () -> "Ada";
  private static final String SECRET = "what the client is not to know";

  private static byte[] request(String uri, String... headers) {
    String request = new String(RawPeer.upgradeRequest(), StandardCharsets.US_ASCII);
    return request
        .replace("GET /ws ", "GET " + uri + " ")
        .replace("\r\n\r\n", "\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void aClientThatIsLetInIsKnownToItsHandlers() throws Exception {
    try (GuardedServer server = new GuardedServer();
        RawPeer peer = server.peer();
        RawPeer stranger = server.peer()) {
      server.nextAsked().answer().complete(Admission.admit(ADA));
      server.nextAsked().answer().complete(Admission.anonymous());

      assertThat(Stream.of(whoIs(peer), whoIs(stranger)))
          .containsExactlyInAnyOrder("Ada", "nobody");
      await().until(() -> server.events().of(0).equals(List.of(CONNECTING, CONNECTED)));
    }
  }

  @Test
  void theRequestIsShownAsItWasSent() throws Exception {
    byte[] request =
        request("/ws?token=a%20b&token=c", "X-Who: me", "Cookie: id=1; lang=de", "X-Who: you");
    try (GuardedServer server = new GuardedServer();
        RawPeer peer = server.peer(request)) {
      Asked asked = server.nextAsked();
      assertThat(asked.request().uri()).isEqualTo("/ws?token=a%20b&token=c");
      assertThat(asked.request().parameters("token")).containsExactly("a b", "c");
      assertThat(asked.request().headers().getAll("x-who")).containsExactly("me", "you");
      assertThat(asked.request().cookie("lang")).isEqualTo("de");
      assertThat(asked.request().remoteAddress()).hasToString(peer.name());
      assertThat(asked.request().isSecure()).isFalse();
      assertThat(asked.request().peerCertificates()).isEmpty();
      asked.answer().complete(Admission.admit(ADA));
      assertThat(whoIs(peer)).isEqualTo("Ada");
    }
  }

  @Test
  void aRefusalIsAnsweredWithAllThatItSays() throws Exception {
    try (GuardedServer server = new GuardedServer();
        RawPeer peer = server.peer()) {
      server
          .nextAsked()
          .answer()
          .complete(Admission.unauthorized("Basic realm=\"x\"").header("X-Why", "1").text("né"));

      assertThat(answerTo(peer))
          .startsWith("HTTP/1.1 401 Unauthorized\r\n")
          .containsIgnoringCase("\r\nwww-authenticate: Basic realm=\"x\"\r\n")
          .containsIgnoringCase("\r\nx-why: 1\r\n")
          .containsIgnoringCase("\r\nconnection: close\r\n")
          .containsIgnoringCase("\r\ncontent-length: 3\r\n")
          .endsWith("\r\n\r\nné");
      server.awaitLogged(peer, "DEBUG " + peer.name() + ": upgrade answered 401 Unauthorized");
      server.awaitNothingLeft("upgrade refused, answered 401 Unauthorized");
    }
  }

  @Test
  void aClientThatIsToWaitIsToldForHowLong() throws Exception {
    try (GuardedServer server = new GuardedServer();
        RawPeer peer = server.peer()) {
      server.nextAsked().answer().complete(Admission.tooManyRequests(Duration.ofMillis(1_500)));
      assertThat(answerTo(peer))
          .startsWith("HTTP/1.1 429 Too Many Requests\r\n")
          .containsIgnoringCase("\r\nretry-after: 2\r\n");
      server.awaitNothingLeft("answered 429");
    }
  }

  static Stream<Authenticator> broken() {
    return Stream.of(
        request -> {
          throw new IllegalStateException(SECRET);
        },
        request -> {
          throw new AssertionError(SECRET);
        },
        request -> CompletableFuture.failedFuture(new IllegalStateException(SECRET)),
        request -> CompletableFuture.supplyAsync(() -> fail()),
        request -> CompletableFuture.completedFuture(null),
        request -> null,
        request -> {
          CompletableFuture<Admission> cancelled = new CompletableFuture<>();
          cancelled.cancel(false);
          return cancelled;
        });
  }

  private static Admission fail() {
    throw new IllegalStateException(SECRET);
  }

  @ParameterizedTest
  @MethodSource("broken")
  void oneThatFailsIsAnErrorOfTheServer(Authenticator broken) throws Exception {
    try (GuardedServer server = new GuardedServer(builder -> builder.authenticator(broken));
        RawPeer peer = server.peer()) {
      assertThat(answerTo(peer))
          .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
          .endsWith("\r\n\r\n")
          .doesNotContain(SECRET);
      server.awaitLogged(peer, "ERROR " + peer.name() + ": the authenticator failed");
      server.awaitNothingLeft("answered 500");
      assertThat(server.logOf(peer)).filteredOn(line -> line.startsWith("ERROR")).hasSize(1);
    }
  }

  /** Tells what it says twice. */
  private static final class Stutter extends CompletableFuture<Admission> {
    @Override
    public CompletableFuture<Admission> whenComplete(
        BiConsumer<? super Admission, ? super Throwable> action) {
      action.accept(Admission.admit(ADA), null);
      action.accept(Admission.forbidden(), null);
      action.accept(null, new IllegalStateException("as the test wants it"));
      return this;
    }
  }

  @Test
  void onlyTheFirstThingThatIsSaidCounts() throws Exception {
    try (GuardedServer server =
            new GuardedServer(builder -> builder.authenticator(request -> new Stutter()));
        RawPeer peer = server.peer()) {
      assertThat(whoIs(peer)).isEqualTo("Ada");
      assertThat(server.logOf(peer)).noneMatch(line -> line.startsWith("ERROR"));
    }
  }

  @Test
  void itRunsWhereHandlersRunAndMayBlock() throws Exception {
    AtomicReference<String> thread = new AtomicReference<>();
    Authenticator blocking =
        request -> {
          thread.set(Thread.currentThread().getName());
          return CompletableFuture.completedFuture(
              CompletableFuture.supplyAsync(() -> Admission.admit(ADA)).join());
        };
    try (GuardedServer server = new GuardedServer(builder -> builder.authenticator(blocking));
        RawPeer peer = server.peer()) {
      assertThat(whoIs(peer)).isEqualTo("Ada");
      assertThat(thread.get()).startsWith("muxio-handler");
    }
  }

  @Test
  void withoutAThreadForItTheClientIsToComeAgain() throws Exception {
    try (GuardedServer server =
            new GuardedServer(
                builder ->
                    builder.handlerExecutor(
                        task -> {
                          throw new RejectedExecutionException("full, as the test wants it");
                        }));
        RawPeer peer = server.peer()) {
      assertThat(answerTo(peer)).startsWith("HTTP/1.1 503 ");
      server.awaitLogged(peer, "WARN " + peer.name() + ": not authenticated, there is no thread");
      server.awaitNothingLeft("answered 503");
    }
  }

  @Test
  void nobodyIsAskedAboutARequestThatIsWrongAnyway() throws Exception {
    assertNotAsked("HTTP/1.1 404 ", request("/other"));
    assertNotAsked("HTTP/1.1 400 ", request("/ws?a=%zz"));
    assertNotAsked("HTTP/1.1 403 ", request("/ws", "Origin: http://elsewhere"));
    assertNotAsked("HTTP/1.1 403 ", request("/ws?a=%zz", "Origin: http://elsewhere"));
    assertNotAsked(
        "HTTP/1.1 426 ", "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    String noKey = new String(RawPeer.upgradeRequest(), StandardCharsets.US_ASCII);
    assertNotAsked(
        "HTTP/1.1 400 ",
        noKey.replace("Sec-WebSocket-Key", "X-Key").getBytes(StandardCharsets.US_ASCII));
  }

  private static void assertNotAsked(String answer, byte[] request) throws Exception {
    try (GuardedServer server = new GuardedServer();
        RawPeer peer = server.peer(request)) {
      assertThat(answerTo(peer)).startsWith(answer);
      server.awaitNothingLeft("answered");
      assertThat(server.asked()).isZero();
    }
  }

  @Test
  void aThousandAtOnce() throws Exception {
    int count = 1_000;
    List<RawPeer> peers = new ArrayList<>();
    ServerLimits.Builder limits =
        ServerLimits.builder()
            .handshakeTimeout(Duration.ofMinutes(1))
            .heartbeatTimeout(Duration.ofMinutes(1)); // the peers answer no pings
    try (GuardedServer server = new GuardedServer(GuardedServer.limits(limits))) {
      for (int i = 0; i < count; i++) {
        peers.add(server.peer(request("/ws?name=" + i)));
      }
      List<Asked> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        all.add(server.nextAsked());
      }
      assertThat(server.server().connections()).isEmpty();
      for (Asked asked : all) {
        Principal principal = () -> asked.request().parameter("name");
        CompletableFuture.runAsync(() -> asked.answer().complete(Admission.admit(principal)));
      }
      for (int i = 0; i < count; i++) {
        assertThat(whoIs(peers.get(i))).isEqualTo(Integer.toString(i));
      }
      assertThat(server.server().connections()).hasSize(count);
      for (RawPeer peer : peers) {
        peer.close();
      }
      await().until(() -> server.server().connections().isEmpty());
    }
  }

  @Test
  void aStageThatIsNoFutureWillDo() throws Exception {
    CompletionStage<Admission> minimal =
        new CompletableFuture<Admission>()
            .completeOnTimeout(Admission.admit(ADA), 1, TimeUnit.MILLISECONDS)
            .minimalCompletionStage();
    try (GuardedServer server = new GuardedServer(builder -> builder.authenticator(r -> minimal));
        RawPeer peer = server.peer()) {
      assertThat(whoIs(peer)).isEqualTo("Ada");
    }
  }
}
