package io.muxio.examples.chat;

import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.service.RpcException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.function.Consumer;

/** The program: a demo of both ends, a server, or a client. */
public final class Chat {
  private static final String USAGE =
      """
      usage: chat demo                 both ends in one program
             chat server PORT          serves ann, bob and cy, whose tokens are ann-secret and so on
             chat client TOKEN URI     says each line of the input, shows what others say\
      """;

  private static final Map<String, String> USERS =
      Map.of("ann-secret", "ann", "bob-secret", "bob", "cy-secret", "cy");

  private Chat() {}

  /**
   * Runs the program.
   *
   * @param arguments see the usage that it prints without any
   */
  public static void main(String[] arguments) {
    String what = String.join(" ", arguments);
    try {
      if (what.equals("demo")) {
        new Demo(System.out).run();
      } else if (what.matches("server \\d{1,5}")) {
        serve(Integer.parseInt(arguments[1]));
      } else if (what.matches("client \\S+ \\S+")) {
        chat(arguments[1], arguments[2]);
      } else {
        System.err.println(USAGE);
        System.exit(2);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void serve(int port) throws IOException {
    RpcServer server = ChatServer.start(port, USERS);
    System.out.println("listening on " + ChatServer.uri(server));
  }

  private static void chat(String token, String uri) throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    Consumer<String> screen = line -> System.out.println(line);
    try (ChatClient client = new ChatClient(uri, token, screen)) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        try {
          client.say(line);
        } catch (RpcException e) {
          System.out.println("(not said: " + e.getMessage() + ")");
        }
      }
    }
  }
}
