package io.muxio.examples.chat;

import io.muxio.netty.server.BearerTokens;
import io.muxio.netty.server.RpcServer;
import java.io.IOException;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;

/** Makes the server: whoever has a token is who the token says. */
final class ChatServer {
  private record User(String name) implements Principal {
    @Override
    public String getName() {
      return name;
    }
  }

  private ChatServer() {}

  /**
   * Starts a server on 127.0.0.1.
   *
   * @param port 0 for any free port
   * @param names of all who may come, by their tokens
   * @return a server that runs
   * @throws IOException where it cannot listen
   */
  static RpcServer start(int port, Map<String, String> names) throws IOException {
    Map<String, User> users = new HashMap<>();
    names.forEach((token, name) -> users.put(token, new User(name)));
    Room room = new Room();
    return RpcServer.builder()
        .bind("127.0.0.1", port)
        .authenticator(BearerTokens.of(users))
        .service(ChatRoom.class, room)
        .connectionListener(room)
        .build()
        .start();
  }

  static String uri(RpcServer server) {
    return "ws://127.0.0.1:" + server.address().getPort() + "/ws";
  }
}
