package io.muxio.interop;

import io.muxio.examples.calculator.ServerArguments;
import io.muxio.netty.server.RpcServer;
import java.io.IOException;
import java.util.Arrays;

/** The program that other implementations are run against. */
public final class InteropPeer {
  private static final String USAGE =
      """
      usage: interop-peer server [--host H] [--port N]
             interop-peer bitcode FILE...   (- is the standard input)""";

  private static final int FAILED = 1;
  private static final int WRONG_ARGUMENTS = 2;

  private InteropPeer() {}

  /**
   * Runs the peer.
   *
   * @param arguments {@code server}, then {@code --host H} and {@code --port N}; or {@code
   *     bitcode}, then files of vectors, of which {@code -} is the standard input
   */
  public static void main(String[] arguments) {
    int exitCode;
    try {
      String mode = arguments.length == 0 ? "none" : arguments[0];
      exitCode =
          switch (mode) {
            case "server" -> serve(ServerArguments.parse(arguments, 1));
            case "bitcode" -> checkVectors(arguments);
            default ->
                throw new IllegalArgumentException(
                    "mode: " + mode + " (expected: server or bitcode)");
          };
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(USAGE);
      exitCode = WRONG_ARGUMENTS;
    } catch (IOException e) {
      System.err.println(e.getMessage());
      exitCode = FAILED;
    }
    // A server goes on in its own threads.
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  private static int serve(ServerArguments address) throws IOException {
    RpcServer server =
        InteropMethods.register(RpcServer.builder()).bind(address.host(), address.port()).build();
    server.start();
    System.out.println(address.listeningOn(server));
    return 0;
  }

  private static int checkVectors(String[] arguments) throws IOException {
    VectorCheck check = new VectorCheck(System.in, System.out);
    return check.run(Arrays.asList(arguments).subList(1, arguments.length)) ? 0 : FAILED;
  }
}
