package io.muxio.netty.server;

import static io.muxio.netty.server.RecordedEvents.CONNECTED;
import static io.muxio.netty.server.RecordedEvents.CONNECTING;
import static io.muxio.netty.server.RecordedEvents.DISCONNECTED;
import static io.muxio.netty.server.RecordedEvents.DISCONNECTING;
import static io.muxio.netty.server.RecordedEvents.ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.util.AttributeKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What listeners are told, handshakes that fail included, and what they may do meanwhile. */
class ListenerIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> WHO =
      RpcMethod.unary("who", Codec.utf8(), Codec.utf8());
  private static final AttributeKey<String> NAME = AttributeKey.valueOf(ListenerIT.class, "name");

  private final RecordedEvents events = new RecordedEvents();

  private RpcServerBuilder server() {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .connectionListener(events)
        .handle(ECHO, (text, call) -> text)
        .handle(WHO, (text, call) -> String.valueOf(call.connection().attr(NAME).get()));
  }

  private static void send(RawPeer peer, String text) throws Exception {
    peer.send(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void assertFailedHandshake(String cause) {
    assertThat(events.ofTheOne()).containsExactly(CONNECTING, ERROR, DISCONNECTED);
    assertThat(events.error()).hasMessageContaining(cause);
  }

  @Test
  void aHandshakeThatTakesTooLong() throws Exception {
    ServerLimits limits = ServerLimits.builder().handshakeTimeout(Duration.ofMillis(200)).build();
    try (RpcServer server = server().limits(limits).build().start();
        RawPeer peer = RawPeer.connect(server.address().getPort())) {
      send(peer, "GET /ws HTTP/1.1\r\n");

      assertFailedHandshake("no handshake within 200 ms");
    }
  }

  @Test
  void aSocketThatIsClosedWithoutAWord() throws Exception {
    try (RpcServer server = server().build().start()) {
      RawPeer.connect(server.address().getPort()).close();

      assertFailedHandshake("closed before the handshake was done");
    }
  }

  @Test
  void aSocketThatIsResetInTheHandshake() throws Exception {
    try (RpcServer server = server().build().start()) {
      RawPeer peer = RawPeer.connect(server.address().getPort());
      send(peer, "GET /ws HTTP/1.1\r\n");
      await().until(() -> !events.all().isEmpty());
      peer.reset();

      assertFailedHandshake("");
    }
  }

  @Test
  void anHttpRequestThatIsNoUpgrade() throws Exception {
    try (RpcServer server = server().build().start();
        RawPeer peer = RawPeer.connect(server.address().getPort())) {
      send(peer, "GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n");

      assertFailedHandshake("answered 404");
    }
  }

  @Test
  void aServerThatClosesWhileAClientShakesHands() throws Exception {
    RpcServer server = server().build().start();
    try (RawPeer peer = RawPeer.connect(server.address().getPort())) {
      await().until(() -> !events.all().isEmpty());
      RpcConnection connection = events.connections().iterator().next();
      assertThat(connection.state()).isEqualTo(ConnectionState.CONNECTING);
      assertThat(server.connections()).isEmpty();
      server.close();

      assertThat(events.ofTheOne()).containsExactly(CONNECTING, DISCONNECTED);
      assertThat(peer.readAll()).isEmpty();
    }
  }

  @Test
  void aConnectionThatAListenerDoesNotWant() throws Exception {
    ConnectionListener bouncer =
        new ConnectionListener() {
          @Override
          public void onConnecting(RpcConnection connection) {
            connection.close();
          }
        };
    try (RpcServer server = server().connectionListener(bouncer).build().start();
        RawPeer peer = RawPeer.connect(server.address().getPort())) {
      assertThat(peer.readAll()).isEmpty();
      assertThat(events.ofTheOne()).containsExactly(CONNECTING, DISCONNECTED);
    }
  }

  @Test
  void closeReturnsAfterTheListenersWereTold() throws Exception {
    RpcServer server = server().build().start();
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      await().until(() -> server.connections().size() == 1);
      server.close();

      assertThat(events.of(0)).containsExactly(CONNECTING, CONNECTED, DISCONNECTING, DISCONNECTED);
      assertThat(peer.closeCode()).isEqualTo(1001);
    }
  }

  @Test
  void callsBeforeTheConnectionIsUpFail() throws Exception {
    CompletableFuture<CompletableFuture<String>> early = new CompletableFuture<>();
    ConnectionListener caller =
        new ConnectionListener() {
          @Override
          public void onConnecting(RpcConnection connection) {
            early.complete(connection.caller().call(ECHO, "too early"));
          }
        };
    try (RpcServer server = server().connectionListener(caller).build().start();
        RawPeer peer = RawPeer.connect(server.address().getPort())) {
      RpcException failure =
          (RpcException)
              early
                  .get(20, TimeUnit.SECONDS)
                  .handle((value, thrown) -> thrown)
                  .get(20, TimeUnit.SECONDS);
      assertThat(failure.status()).isEqualTo(RpcStatus.DISCONNECTED);
      assertThat(failure.detail()).isNotEmpty();
      peer.upgrade(new byte[0]); // nothing came of the call
    }
  }

  @Test
  void aListenerThatThrowsHarmsNothing() throws Exception {
    ConnectionListener thrower =
        new ConnectionListener() {
          @Override
          public void onConnecting(RpcConnection connection) {
            throw new IllegalStateException("thrown by the listener, as the test wants it");
          }

          @Override
          public void onDisconnected(RpcConnection connection) {
            throw new AssertionError("thrown by the listener, as the test wants it");
          }
        };
    RecordedEvents second = new RecordedEvents();
    try (RpcServer server =
        server().connectionListener(thrower).connectionListener(second).build().start()) {
      try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
        peer.send(Frames.call(0, 1, "echo", "works"), true);
        assertThat(Frames.bodyOf(peer.next())).isEqualTo("works");
        peer.sendClose();
      }
      assertThat(events.ofTheOne())
          .containsExactly(CONNECTING, CONNECTED, DISCONNECTING, DISCONNECTED);
      assertThat(second.ofTheOne()).isEqualTo(events.ofTheOne());
    }
  }

  @Test
  void aListenerThatBlocksDelaysItsOwnConnectionOnly() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    ConnectionListener blocker =
        new ConnectionListener() {
          @Override
          public void onConnecting(RpcConnection connection) {
            if (connection.id() == events.connections().iterator().next().id()) {
              awaitQuietly(release);
            }
          }
        };
    try (RpcServer server = server().connectionListener(blocker).build().start();
        WebSocketPeer first = WebSocketPeer.connect(server)) {
      await().until(() -> events.all().size() == 1);
      try (WebSocketPeer second = WebSocketPeer.connect(server)) {
        await().until(() -> events.of(1).contains(CONNECTED));
        assertThat(events.of(0)).containsExactly(CONNECTING);
        first.send(Frames.call(0, 1, "echo", "served all the same"), true);
        assertThat(Frames.bodyOf(first.next())).isEqualTo("served all the same");
        second.sendClose();
        await().until(() -> events.of(1).contains(DISCONNECTED));
      }
      release.countDown();
      await().until(() -> events.of(0).contains(CONNECTED));
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatAListenerAttachesHandlersSee() throws Exception {
    CountDownLatch named = new CountDownLatch(1);
    ConnectionListener namer =
        new ConnectionListener() {
          @Override
          public void onConnected(RpcConnection connection) {
            connection.attr(NAME).set("number one");
            named.countDown();
          }
        };
    try (RpcServer server = server().connectionListener(namer).build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      assertThat(named.await(20, TimeUnit.SECONDS)).isTrue();
      peer.send(Frames.call(0, 1, "who", ""), true);

      assertThat(Frames.bodyOf(peer.next())).isEqualTo("number one");
    }
  }
}
