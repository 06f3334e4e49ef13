package io.muxio.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.client.ClientState;
import io.muxio.netty.client.RpcClient;
import io.muxio.netty.server.RpcServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server does where clients are not as kind as the example's. */
class RoomIT {
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private RpcServer server;

  @BeforeEach
  void start() throws Exception {
    server = ChatServer.start(0, Map.of("ann-secret", "Ann", "bob-secret", "Bob"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RpcClient client(String token, ChatEvents events) throws Exception {
    return RpcClient.builder(ChatServer.uri(server))
        .bearerToken(token)
        .service(ChatEvents.class, events)
        .reconnectPolicy((attempt, cause) -> null)
        .connect();
  }

  @Test
  void whoeverCannotBeToldIsSentAway() throws Exception {
    ChatEvents broken =
        new ChatEvents() {
          @Override
          public CompletionStage<Void> message(ChatMessage message) {
            return CompletableFuture.failedFuture(new IllegalStateException("of the test"));
          }

          @Override
          public CompletionStage<Void> presence(String name, boolean isHere) {
            return CompletableFuture.completedFuture(null);
          }
        };
    try (RpcClient ann = client("ann-secret", broken);
        ChatClient bob = new ChatClient(ChatServer.uri(server), "bob-secret", seen::add)) {
      ann.service(ChatRoom.class).join(0);
      await().until(() -> seen.contains("* Bob is here"));
      bob.say("anybody?");

      await().until(() -> ann.state() == ClientState.DISCONNECTED);
      await().until(() -> seen.contains("* Ann has gone"));
    }
  }

  @Test
  void whoeverIsThereTwiceHasGoneWithTheLast() throws Exception {
    String uri = ChatServer.uri(server);
    try (ChatClient bob = new ChatClient(uri, "bob-secret", seen::add)) {
      await().until(() -> seen.contains("* Bob is here"));
      try (ChatClient ann = new ChatClient(uri, "ann-secret", line -> {})) {
        await().until(() -> seen.contains("* Ann is here"));
        try (ChatClient twice = new ChatClient(uri, "ann-secret", line -> {})) {
          twice.say("it is me again");
          await().until(() -> seen.contains("Ann: it is me again"));
        }
        await().until(() -> server.connections().size() == 2);
        ann.say("still here");
        await().until(() -> seen.contains("Ann: still here"));
      }
      await().until(() -> seen.contains("* Ann has gone"));
      bob.say("alone");
      await().until(() -> seen.contains("Bob: alone"));
    }
    assertThat(seen)
        .containsExactly(
            "* Bob is here",
            "* Ann is here",
            "Ann: it is me again",
            "Ann: still here",
            "* Ann has gone",
            "Bob: alone");
  }
}
