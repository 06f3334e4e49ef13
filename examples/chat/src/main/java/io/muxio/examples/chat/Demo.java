package io.muxio.examples.chat;

import io.muxio.netty.client.RpcClient;
import io.muxio.netty.server.RpcServer;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/**
 * A server and three clients in one JVM, over real sockets. One of them is cut off, comes back by
 * itself, and gets what it missed; a fourth is not let in.
 */
final class Demo {
  private static final Map<String, String> USERS =
      Map.of("ann-secret", "Ann", "bob-secret", "Bob", "cy-secret", "Cy");

  private final PrintStream out;
  private final Screen screen;

  Demo(PrintStream out) {
    this.out = out;
    screen = new Screen(out);
  }

  /** Runs to its end, which takes a second or two. */
  void run() throws IOException, InterruptedException {
    try (RpcServer server = ChatServer.start(0, USERS);
        Cable cable = new Cable(server.address().getPort())) {
      String uri = ChatServer.uri(server);
      out.println("A server listens on " + uri + ", three clients come in:");
      try (ChatClient ann = enter("Ann", uri, "ann-secret");
          ChatClient bob = enter("Bob", cable.uri(), "bob-secret");
          ChatClient cy = enter("Cy", uri, "cy-secret")) {
        out.println("What one says, the server calls all to tell them:");
        ann.say("hello");
        allSee("Ann: hello");
        bob.say("hi Ann");
        allSee("Bob: hi Ann");
        out.println("Bob's cable is pulled out, the others go on:");
        cable.unplug();
        screen.await("Ann", "* Bob has gone");
        cy.say("where is Bob?");
        screen.await("Ann", "Cy: where is Bob?");
        screen.await("Cy", "Cy: where is Bob?");
        out.println(
            "It is plugged in. Bob's client comes back by itself, and asks what it missed:");
        cable.plugIn();
        allSee("Cy: where is Bob?");
        bob.say("here I am");
        allSee("Bob: here I am");
      }
      out.println("Somebody without the right token is not let in:");
      intrude(uri);
    }
  }

  private ChatClient enter(String name, String uri, String token) throws InterruptedException {
    ChatClient client = new ChatClient(uri, token, screen.of(name));
    screen.await(name, "* " + name + " is here");
    return client;
  }

  private void allSee(String line) throws InterruptedException {
    for (String name : USERS.values()) {
      screen.await(name, line);
    }
  }

  private void intrude(String uri) {
    try (RpcClient client = RpcClient.builder(uri).bearerToken("a-guess").connect()) {
      throw new IllegalStateException("let in: " + client);
    } catch (IOException e) {
      screen.of("Eve").accept(e.getMessage());
    }
  }
}
