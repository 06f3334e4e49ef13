package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A server with an authenticator, and all that is told of its clients. */
final class GuardedServer implements AutoCloseable {
  static final RpcMethod<String, String> WHO = RpcMethod.unary("who", Codec.utf8(), Codec.utf8());

  private static final int WAIT_SECONDS = 30;

  /** One client that waits for what the test says of it. */
  record Asked(HandshakeRequest request, CompletableFuture<Admission> answer) {}

  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private final RecordedEvents events = new RecordedEvents();
  private final ServerLog log = ServerLog.record();
  private final RpcServer server;

  /** Its authenticator answers when the test does. */
  GuardedServer() throws IOException {
    this(builder -> builder);
  }

  GuardedServer(UnaryOperator<RpcServerBuilder> settings) throws IOException {
    RpcServerBuilder builder =
        RpcServer.builder()
            .bind("127.0.0.1", 0)
            .authenticator(this::ask)
            .connectionListener(events)
            .handle(WHO, (text, call) -> text + nameOf(call.principal()));
    server = settings.apply(builder).build().start();
  }

  private CompletableFuture<Admission> ask(HandshakeRequest request) {
    Asked one = new Asked(request, new CompletableFuture<>());
    asked.add(one);
    return one.answer();
  }

  private static String nameOf(Principal principal) {
    return principal == null ? "nobody" : principal.getName();
  }

  static UnaryOperator<RpcServerBuilder> limits(ServerLimits.Builder limits) {
    return builder -> builder.limits(limits.closeTimeout(Duration.ofMillis(200)).build());
  }

  RpcServer server() {
    return server;
  }

  RecordedEvents events() {
    return events;
  }

  /** Connects and asks for the upgrade. */
  RawPeer peer() throws IOException {
    return peer(RawPeer.upgradeRequest());
  }

  RawPeer peer(byte[] request) throws IOException {
    RawPeer peer = RawPeer.connect(server.address().getPort());
    log.forget(peer.name());
    peer.send(request);
    return peer;
  }

  /** What the next client waits for. */
  Asked nextAsked() throws InterruptedException {
    Asked next = asked.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    assertThat(next).as("a question within %s s", WAIT_SECONDS).isNotNull();
    return next;
  }

  /** How many questions the test has not looked at. */
  int asked() {
    return asked.size();
  }

  /** Waits for a line of the log, which names the client. */
  void awaitLogged(RawPeer peer, String line) {
    log.awaitLine(peer.name(), line);
  }

  List<String> logOf(RawPeer peer) {
    return log.of(peer.name());
  }

  /** All that the server says to a client until it closes. */
  static String answerTo(RawPeer peer) throws IOException {
    return new String(peer.readAll(), StandardCharsets.UTF_8);
  }

  /** Who the server takes a client for that was let in. */
  static String whoIs(RawPeer peer) throws IOException {
    assertThat(peer.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
    peer.sendBinary(Frames.call(0, 1, "who", ""));
    return Frames.bodyOf(peer.next());
  }

  /** The only client has ended without a connection, and nothing is left of it. */
  void awaitNothingLeft(String cause) {
    assertThat(events.ofTheOne())
        .containsExactly(
            RecordedEvents.CONNECTING, RecordedEvents.ERROR, RecordedEvents.DISCONNECTED);
    assertThat(events.error()).hasMessageContaining(cause);
    assertThat(events.connections()).allMatch(connection -> connection.principal() == null);
    await().until(() -> server.connections().isEmpty());
  }

  @Override
  public void close() {
    server.close();
    log.close();
  }
}
