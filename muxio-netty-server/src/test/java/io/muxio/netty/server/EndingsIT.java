package io.muxio.netty.server;

import static io.muxio.netty.server.RecordedEvents.CONNECTED;
import static io.muxio.netty.server.RecordedEvents.CONNECTING;
import static io.muxio.netty.server.RecordedEvents.DISCONNECTED;
import static io.muxio.netty.server.RecordedEvents.DISCONNECTING;
import static io.muxio.netty.server.RecordedEvents.ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every way in which a connection with calls in both directions can end: the calls fail, the
 * handlers are told, the server forgets the connection, and the listener learns all of it.
 */
class EndingsIT {
  private static final RpcMethod<String, String> WAIT =
      RpcMethod.unary("wait", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, byte[]> MEBIBYTES =
      RpcMethod.unary("mebibytes", Codec.utf8(), Codec.bytes());
  private static final RpcMethod<String, String> HANG_UP =
      RpcMethod.unary("hang_up", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> OF_THE_CLIENT =
      RpcMethod.unary("of_the_client", Codec.utf8(), Codec.utf8());

  private final RecordedEvents events = new RecordedEvents();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final CompletableFuture<CompletableFuture<String>> callOfTheClient =
      new CompletableFuture<>();
  private RpcServer server;
  private RawPeer peer;

  private void start(ServerLimits.Builder limits) throws Exception {
    server =
        RpcServer.builder()
            .bind("127.0.0.1", 0)
            .limits(limits.closeTimeout(Duration.ofMillis(500)).build())
            .connectionListener(events)
            .handleAsync(WAIT, (text, call) -> waitForEver(call), ExecutionMode.EVENT_LOOP)
            .handle(MEBIBYTES, (text, call) -> new byte[16 << 20], ExecutionMode.EVENT_LOOP)
            .handle(
                HANG_UP,
                (text, call) -> {
                  call.connection().close();
                  return "closed";
                })
            .build()
            .start();
    peer = RawPeer.upgrade(server, new byte[0]);
    binary(Frames.call(0, 1, "wait", ""));
    callOfTheClient.get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    peer.close();
    server.close();
  }

  private CompletableFuture<String> waitForEver(CallContext call) {
    call.onCancel(cancelled::countDown);
    // On its own, so that the end of the connection is what it hears of.
    callOfTheClient.complete(
        CallScope.detached(() -> call.connection().caller().call(OF_THE_CLIENT, "")));
    return new CompletableFuture<>();
  }

  private void binary(byte[] frames) throws Exception {
    peer.send(RawPeer.webSocketFrame(RawPeer.BINARY, frames));
  }

  /** In one message. */
  private static byte[] callsToRefuse(int count) {
    byte[][] calls = new byte[count][];
    for (int id = 0; id < count; id++) {
      calls[id] = Frames.call(id + 2, id + 2, "hang_up", "");
    }
    return Frames.join(calls);
  }

  private interface Ending {
    void of(EndingsIT test) throws Exception;
  }

  @SuppressWarnings("ImmutableEnumChecker") // the lambdas hold no state
  private enum Way {
    PEER_CLOSES(null, test -> test.frame(RawPeer.CLOSE, new byte[] {3, (byte) 0xe8})),
    PEER_ENDS_ITS_HALF("the connection was lost", test -> test.peer.shutdownOutput()),
    PEER_VANISHES("the connection was lost", test -> test.peer.close()),
    PEER_RESETS("the connection was lost", test -> test.peer.reset()),
    PEER_BREAKS_THE_PROTOCOL(
        "frame kind: 9", test -> test.binary(Frames.frame(2, 0, 9, new byte[0]))),
    PEER_BREAKS_WEB_SOCKET("not masked", test -> test.peer.send(new byte[] {(byte) 0x82, 0})),
    PEER_SENDS_TEXT("text message (expected: binary)", test -> test.frame(RawPeer.TEXT, "hi")),
    PEER_IS_SILENT("nothing came from the peer for PT2S (heartbeatTimeout)", test -> {}),
    PEER_EARNS_TOO_MANY_REFUSALS(
        "more than 1048576 bytes wait for it (maxOutboundBytes)",
        test -> test.binary(callsToRefuse(300_000))),
    SERVER_CLOSES(null, test -> test.server.close()),
    HANDLER_CLOSES(null, test -> test.binary(Frames.call(2, 2, "hang_up", ""))),
    USER_CLOSES(null, test -> test.server.connections().forEach(RpcConnection::close));

    private final String error;
    private final Ending ending;

    Way(String error, Ending ending) {
      this.error = error;
      this.ending = ending;
    }
  }

  private void frame(int opcode, byte[] payload) throws Exception {
    peer.send(RawPeer.webSocketFrame(opcode, payload));
  }

  private void frame(int opcode, String payload) throws Exception {
    frame(opcode, payload.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource
  void endsTheCallsAndTellsWhoeverWantsToKnow(Way way) throws Exception {
    ServerLimits.Builder limits =
        ServerLimits.builder().maxOutboundBytes(1 << 20).drainTimeout(Duration.ofMillis(100));
    if (way == Way.PEER_EARNS_TOO_MANY_REFUSALS) {
      limits.maxInboundCalls(1); // the one that waits for ever
      limits.maxMessageSize(32 << 20); // so that the answers are more than the kernel takes
    }
    if (way == Way.PEER_IS_SILENT) {
      limits.heartbeatInterval(Duration.ofMillis(200)).heartbeatTimeout(Duration.ofSeconds(2));
    }
    start(limits);
    way.ending.of(this);

    RpcException failure =
        (RpcException)
            callOfTheClient.get().handle((value, thrown) -> thrown).get(20, TimeUnit.SECONDS);
    assertThat(failure.status()).isEqualTo(RpcStatus.DISCONNECTED);
    assertThat(failure.detail()).contains(way.error == null ? "connection" : way.error);
    assertThat(cancelled.await(20, TimeUnit.SECONDS)).as("handler told").isTrue();
    if (way.error == null) {
      assertThat(events.ofTheOne())
          .containsExactly(CONNECTING, CONNECTED, DISCONNECTING, DISCONNECTED);
    } else {
      assertThat(events.ofTheOne())
          .containsExactly(CONNECTING, CONNECTED, ERROR, DISCONNECTING, DISCONNECTED);
      assertThat(events.error()).hasMessageContaining(way.error);
    }
    assertThat(server.connections()).isEmpty();
    RpcConnection connection = events.connections().iterator().next();
    assertThat(connection.state()).isEqualTo(ConnectionState.DISCONNECTED);
    assertThat(connection.remoteAddress().toString()).contains("127.0.0.1");
    assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(20));
    assertThat(events.threads()).allMatch(name -> name.startsWith("muxio-callback"));
  }

  @Test
  void aPeerThatReadsNothingIsGivenUpAfterTheWriteTimeout() throws Exception {
    start(
        ServerLimits.builder()
            .heartbeatInterval(Duration.ofMillis(100))
            .heartbeatTimeout(Duration.ofMillis(200))
            .writeTimeout(Duration.ofSeconds(1)));
    binary(Frames.call(2, 2, "mebibytes", ""));

    assertThat(events.ofTheOne())
        .containsExactly(CONNECTING, CONNECTED, ERROR, DISCONNECTING, DISCONNECTED);
    assertThat(events.error())
        .as("not its silence, which is ours: we do not read it")
        .hasMessageContaining("took nothing of what waits for PT1S (writeTimeout)");
  }

  @Test
  void aConnectionThatIsNotUsedIsClosedAndOneWithACallIsNot() throws Exception {
    start(ServerLimits.builder().idleTimeout(Duration.ofMillis(300)));
    try (WebSocketPeer idle = WebSocketPeer.connect(server)) {
      assertThat(idle.closeCode()).isEqualTo(1001);
      assertThat(idle.closeReason()).contains("idleTimeout").contains("PT0.3S");

      await().until(() -> events.of(1).contains(DISCONNECTED));
      assertThat(events.of(1)).containsExactly(CONNECTING, CONNECTED, DISCONNECTING, DISCONNECTED);
      assertThat(events.of(0)).containsExactly(CONNECTING, CONNECTED);
      assertThat(server.connections()).hasSize(1);
    }
  }
}
