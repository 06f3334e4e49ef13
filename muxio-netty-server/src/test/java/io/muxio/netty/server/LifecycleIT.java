package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifecycleIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> LATER =
      RpcMethod.unary("later", Codec.utf8(), Codec.utf8());

  private final CompletableFuture<String> later = new CompletableFuture<>();
  private final CountDownLatch running = new CountDownLatch(1);

  private RpcServerBuilder server() {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .handle(ECHO, (text, call) -> text)
        .handleAsync(
            LATER,
            (text, call) -> {
              running.countDown();
              return later;
            });
  }

  @Test
  void closeLetsTheCallsThatAreRunningFinishAndRefusesNewOnes() throws Exception {
    RpcServer server = server().build().start();
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 1, "later", ""), true);
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(server::close, task -> new Thread(task).start());
      await()
          .untilAsserted(() -> assertThatThrownBy(() -> WebSocketPeer.connect(server)).isNotNull());
      awaitRefusal(peer);
      assertThat(closing).isNotDone();
      later.complete("finished");

      assertThat(Frames.bodyOf(peer.next())).isEqualTo("finished");
      assertThat(peer.closeCode()).isEqualTo(1001);
      closing.get(20, TimeUnit.SECONDS);
    }
  }

  /** The server tells each connection on its event loop, so a call may still be before that. */
  private static void awaitRefusal(WebSocketPeer peer) throws Exception {
    for (int id = 2; ; id++) {
      peer.send(Frames.call(id, id, "echo", "too late"), true);
      byte[] answer = peer.next();
      if (Frames.statusOf(answer) == 2) {
        assertThat(Frames.bodyOf(answer)).isEqualTo("the server closes");
        return;
      }
    }
  }

  @Test
  void closeDoesNotWaitForACallLongerThanItWasTold() throws Exception {
    RpcServer server =
        server()
            .limits(ServerLimits.builder().drainTimeout(Duration.ofMillis(100)).build())
            .build()
            .start();
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 1, "later", ""), true);
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
      server.close();

      assertThat(peer.closeCode()).isEqualTo(1001);
    }
  }

  @Test
  void aClientTooManyIsAnswered503AndOneThatLeavesMakesRoom() throws Exception {
    try (RpcServer server =
        server().limits(ServerLimits.builder().maxConnections(1).build()).build().start()) {
      WebSocketPeer first = WebSocketPeer.connect(server);
      assertThatThrownBy(() -> WebSocketPeer.connect(server))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              e -> assertThat(e.getResponse().statusCode()).isEqualTo(503));
      first.vanish();

      await()
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                try (WebSocketPeer next = WebSocketPeer.connect(server)) {
                  next.send(Frames.call(0, 1, "echo", "room"), true);
                  assertThat(Frames.bodyOf(next.next())).isEqualTo("room");
                }
              });
    }
  }

  @Test
  void theServerCallsWhoeverIsConnected() throws Exception {
    RpcMethod<String, String> news = RpcMethod.unary("news", Codec.utf8(), Codec.utf8());
    try (RpcServer server = server().build().start();
        WebSocketPeer one = WebSocketPeer.connect(server);
        WebSocketPeer two = WebSocketPeer.connect(server)) {
      await().until(() -> server.connections().size() == 2);
      assertThat(server.connections()).extracting("id").doesNotHaveDuplicates();
      // Neither has spoken, so the calls wait for the first message, which tells how to write.
      server.connections().forEach(connection -> connection.caller().call(news, "hello"));
      for (WebSocketPeer peer : List.of(one, two)) {
        peer.send(Frames.call(0, 1, "echo", "first"), true);
        assertThat(new String(peer.next(), StandardCharsets.UTF_8)).contains("hello");
      }
      one.vanish();

      await().until(() -> server.connections().size() == 1);
    }
  }
}
