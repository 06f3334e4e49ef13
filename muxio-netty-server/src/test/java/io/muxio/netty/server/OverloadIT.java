package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.endpoint.ConcurrencyLimit;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limits of a server that all of its clients share. */
class OverloadIT {
  private static final int CALLS = 300;
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> WAITS =
      RpcMethod.unary("waits", Codec.utf8(), Codec.utf8());

  private final CompletableFuture<String> due = new CompletableFuture<>();
  private final AtomicInteger begun = new AtomicInteger();

  @AfterEach
  void letGo() {
    due.complete("done");
  }

  private RpcServerBuilder server() {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .handle(ECHO, (text, call) -> text)
        .handleAsync(
            WAITS,
            (text, call) -> {
              begun.incrementAndGet();
              return due.minimalCompletionStage(); // which a cancel does not end
            });
  }

  private static ServerLimits oneCall() {
    return ServerLimits.builder().maxCalls(1).build();
  }

  private static String call(WebSocketPeer peer, int id, String method) throws Exception {
    peer.send(Frames.call(id, id, method, "hello"), true);
    return Frames.bodyOf(peer.next());
  }

  @Test
  void oneClientCanTakeWhatAnotherCannotHave() throws Exception {
    try (RpcServer server = server().limits(oneCall()).build().start();
        WebSocketPeer first = WebSocketPeer.connect(server);
        WebSocketPeer second = WebSocketPeer.connect(server)) {
      first.send(Frames.call(0, 0, "waits", "x"), true);
      await().until(() -> begun.get() == 1);
      assertThat(call(second, 0, "echo"))
          .isEqualTo(
              "more than 1 calls at once on all connections together (maxCalls), try again later");
      due.complete("done");
      assertThat(Frames.bodyOf(first.next())).isEqualTo("done");
      assertThat(call(second, 1, "echo")).isEqualTo("hello");
    }
  }

  @Test
  void whoCallsWhenTheAnswerIsThereIsNeverRefused() throws Exception {
    ConcurrencyLimit one = ConcurrencyLimit.adaptive(1, 1);
    try (RpcServer server = server().limits(oneCall()).concurrencyLimit(one).build().start();
        WebSocketPeer first = WebSocketPeer.connect(server);
        WebSocketPeer second = WebSocketPeer.connect(server)) {
      for (int id = 0; id < CALLS; id++) {
        assertThat(call(id % 3 == 0 ? first : second, id, "echo")).isEqualTo("hello");
      }
    }
  }

  @Test
  void aClientThatLeavesKeepsItsPlaceUntilItsHandlerIsDone() throws Exception {
    try (RpcServer server = server().limits(oneCall()).build().start();
        WebSocketPeer stays = WebSocketPeer.connect(server)) {
      try (WebSocketPeer leaves = WebSocketPeer.connect(server)) {
        leaves.send(Frames.call(0, 0, "waits", "x"), true);
        await().until(() -> begun.get() == 1);
      }
      await().until(() -> server.connections().size() == 1);
      assertThat(call(stays, 0, "echo")).contains("maxCalls");
      due.complete("nobody waits");
      await().until(() -> call(stays, begun.incrementAndGet(), "echo").equals("hello"));
    }
  }

  @Test
  void aServerTakesAsManyUnaryCallsAsItsLimitSays() throws Exception {
    ConcurrencyLimit limit = ConcurrencyLimit.adaptive(2, 2);
    try (RpcServer server = server().concurrencyLimit(limit).build().start();
        WebSocketPeer first = WebSocketPeer.connect(server);
        WebSocketPeer second = WebSocketPeer.connect(server)) {
      first.send(Frames.call(0, 0, "waits", "x"), true);
      second.send(Frames.call(0, 0, "waits", "x"), true);
      await().until(() -> begun.get() == 2);
      assertThat(call(second, 1, "echo"))
          .startsWith("more than 2 unary calls at once, as many as are served now");
    }
  }
}
