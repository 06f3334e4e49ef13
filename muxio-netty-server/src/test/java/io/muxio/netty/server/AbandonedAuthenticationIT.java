package io.muxio.netty.server;

import static io.muxio.netty.server.GuardedServer.answerTo;
import static io.muxio.netty.server.GuardedServer.limits;
import static io.muxio.netty.server.GuardedServer.whoIs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.GuardedServer.Asked;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Authenticators that do not answer in time: nothing is left behind, and what comes late is void.
 */
@Timeout(120)
class AbandonedAuthenticationIT {
  private static final Principal ADA = () -> "Ada";

  /** As short as may be for a machine that is busy to have asked by then. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  @Test
  void oneThatHangsIsAnsweredForAndItsFutureCancelled() throws Exception {
    try (GuardedServer server =
            new GuardedServer(limits(ServerLimits.builder().handshakeTimeout(SHORT)));
        RawPeer peer = server.peer()) {
      Asked asked = server.nextAsked();
      assertThat(answerTo(peer)).startsWith("HTTP/1.1 503 ");
      server.awaitLogged(
          peer,
          "WARN "
              + peer.name()
              + ": the authenticator has not answered within 2000 ms"
              + " (handshakeTimeout)");
      server.awaitNothingLeft("answered 503");
      await().until(() -> asked.answer().isCancelled());
    }
  }

  @Test
  void oneThatBlocksForEverHoldsUpNobodyElse() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Authenticator sometimes =
        request -> {
          if (request.parameter("block") != null) {
            end.await();
          }
          return CompletableFuture.completedFuture(Admission.admit(ADA));
        };
    try (GuardedServer server =
            new GuardedServer(
                builder ->
                    limits(ServerLimits.builder().handshakeTimeout(Duration.ofSeconds(5)))
                        .apply(builder.authenticator(sometimes)));
        RawPeer blocked =
            server.peer(
                new String(RawPeer.upgradeRequest(), StandardCharsets.US_ASCII)
                    .replace("/ws", "/ws?block=1")
                    .getBytes(StandardCharsets.US_ASCII));
        RawPeer other = server.peer()) {
      assertThat(whoIs(other)).isEqualTo("Ada");
      assertThat(answerTo(blocked)).startsWith("HTTP/1.1 503 ");
      end.countDown();
      await().until(() -> server.server().connections().size() == 1);
    }
  }

  @Test
  void aClientThatLeavesIsForgotten() throws Exception {
    try (GuardedServer server = new GuardedServer()) {
      RawPeer peer = server.peer();
      Asked asked = server.nextAsked();
      peer.close();
      server.awaitNothingLeft("closed before the handshake was done");
      await().until(() -> asked.answer().isCancelled());
      assertThat(server.logOf(peer)).noneMatch(line -> line.startsWith("ERROR"));
    }
  }

  @Test
  void aClientThatResetsIsForgotten() throws Exception {
    try (GuardedServer server = new GuardedServer()) {
      RawPeer peer = server.peer();
      Asked asked = server.nextAsked();
      peer.reset();
      server.awaitNothingLeft("");
      await().until(() -> asked.answer().isCancelled());
    }
  }

  /** Goes on when it is cancelled. */
  private static final class Deaf extends CompletableFuture<Admission> {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch cancelled = new CountDownLatch(1);

    Authenticator authenticator() {
      return request -> {
        asked.countDown();
        return this;
      };
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      cancelled.countDown();
      return false;
    }
  }

  private static void assertVoid(Consumer<Deaf> tooLate) throws Exception {
    Deaf late = new Deaf();
    try (GuardedServer server =
        new GuardedServer(builder -> builder.authenticator(late.authenticator()))) {
      RawPeer peer = server.peer();
      late.asked.await();
      peer.close();
      late.cancelled.await();
      tooLate.accept(late);
      server.server().close(); // and all that its event loops had to do is done
      server.awaitNothingLeft("closed before the handshake was done");
      assertThat(server.logOf(peer)).noneMatch(line -> line.startsWith("ERROR"));
    }
  }

  @Test
  void whatIsSaidWhenTheClientHasLeftIsVoid() throws Exception {
    assertVoid(late -> late.complete(Admission.admit(ADA)));
  }

  @Test
  void aFailureWhenTheClientHasLeftIsNotLogged() throws Exception {
    assertVoid(late -> late.completeExceptionally(new IllegalStateException("as the test wants")));
  }

  @Test
  void aServerThatClosesDoesNotWait() throws Exception {
    GuardedServer server = new GuardedServer();
    try (RawPeer peer = server.peer()) {
      Asked asked = server.nextAsked();
      server.close();
      assertThat(answerTo(peer)).isEmpty();
      assertThat(asked.answer()).isCancelled();
      assertThat(server.events().of(0))
          .containsExactly(RecordedEvents.CONNECTING, RecordedEvents.DISCONNECTED);
    }
  }

  /** They would be a call of a client that nobody knows. */
  @Test
  void bytesBeforeTheAnswerEndTheConnection() throws Exception {
    try (GuardedServer server = new GuardedServer();
        RawPeer peer = server.peer()) {
      Asked asked = server.nextAsked();
      peer.send(RawPeer.upgradeRequest());
      assertThat(answerTo(peer)).isEmpty();
      server.awaitNothingLeft("bytes before the handshake was answered");
      await().until(() -> asked.answer().isCancelled());
    }
  }

  @Test
  void whoIsBeingAskedAboutHasAPlace() throws Exception {
    CompletableFuture<Admission> ofTheFirst = new CompletableFuture<>();
    AtomicInteger asked = new AtomicInteger();
    Authenticator firstLater =
        request ->
            asked.incrementAndGet() == 1
                ? ofTheFirst
                : CompletableFuture.completedFuture(Admission.admit(ADA));
    ServerLimits.Builder limits = ServerLimits.builder().maxConnections(1);
    try (GuardedServer server =
            new GuardedServer(builder -> limits(limits).apply(builder.authenticator(firstLater)));
        RawPeer first = server.peer()) {
      await().until(() -> asked.get() == 1);
      try (RawPeer second = server.peer()) {
        assertThat(answerTo(second)).startsWith("HTTP/1.1 503 ");
      }
      assertThat(asked.get()).isEqualTo(1);
      ofTheFirst.complete(Admission.forbidden());
      assertThat(answerTo(first)).startsWith("HTTP/1.1 403 ");
      await().until(() -> isLetIn(server)); // its place is free some moments later
    }
  }

  private static boolean isLetIn(GuardedServer server) throws Exception {
    return isLetIn(server, RawPeer.upgradeRequest());
  }

  private static boolean isLetIn(GuardedServer server, byte[] request) throws Exception {
    try (RawPeer peer = server.peer(request)) {
      return peer.readUntil("\r\n\r\n").startsWith("HTTP/1.1 101 ");
    }
  }

  /** Else clients that come and go would have it asked any number of questions at once. */
  @Test
  void aQuestionKeepsItsPlaceWhenItsClientHasLeft() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    Authenticator blocking =
        request -> {
          asked.incrementAndGet();
          end.await();
          return CompletableFuture.completedFuture(Admission.admit(ADA));
        };
    ServerLimits.Builder limits = ServerLimits.builder().maxConnections(1);
    try (GuardedServer server =
        new GuardedServer(builder -> limits(limits).apply(builder.authenticator(blocking)))) {
      RawPeer first = server.peer();
      await().until(() -> asked.get() == 1);
      first.close();
      await().until(() -> server.events().ofTheOne().contains(RecordedEvents.DISCONNECTED));
      try (RawPeer second = server.peer()) {
        assertThat(answerTo(second)).startsWith("HTTP/1.1 503 ");
      }
      assertThat(asked.get()).isEqualTo(1);
      end.countDown();
      await().until(() -> isLetIn(server));
    }
  }

  /** What a cancel ends is the check's answer, not what it does. */
  @Test
  void aTokenIsCheckedInItsPlaceWhenItsClientHasLeft() throws Exception {
    CompletableFuture<Optional<Principal>> ofTheFirst = new CompletableFuture<>();
    AtomicInteger asked = new AtomicInteger();
    BearerTokens tokens =
        BearerTokens.by(
            token ->
                asked.incrementAndGet() == 1
                    ? ofTheFirst
                    : CompletableFuture.completedFuture(Optional.of(ADA)));
    ServerLimits.Builder limits = ServerLimits.builder().maxConnections(1);
    byte[] request =
        new String(RawPeer.upgradeRequest(), StandardCharsets.US_ASCII)
            .replace("\r\n\r\n", "\r\nAuthorization: Bearer x\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    try (GuardedServer server =
        new GuardedServer(builder -> limits(limits).apply(builder.authenticator(tokens)))) {
      RawPeer first = server.peer(request);
      await().until(() -> asked.get() == 1);
      first.close();
      await().until(() -> server.events().ofTheOne().contains(RecordedEvents.DISCONNECTED));
      for (int tries = 0; tries < 10; tries++) { // a cancel would come some moments later
        try (RawPeer next = server.peer(request)) {
          assertThat(answerTo(next)).startsWith("HTTP/1.1 503 ");
        }
      }
      assertThat(asked.get()).isEqualTo(1);
      assertThat(ofTheFirst).isNotDone();
      ofTheFirst.complete(Optional.of(ADA));
      await().until(() -> isLetIn(server, request));
    }
  }
}
