package io.muxio.interop;

import io.muxio.examples.calculator.ServerArguments;
import io.muxio.interop.client.ClientRun;
import io.muxio.netty.server.RpcServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The program that other implementations are run against. */
public final class InteropPeer {
  private static final String USAGE =
      """
      usage: interop-peer server [--host H] [--port N]
             interop-peer client --url URL [--generation 13|21] [--suite NAME...] [--except NAME...]
                 [--limit SECONDS]          (NAME: all, basic, stream, bidi or a single check)
             interop-peer bitcode FILE...   (- is the standard input)""";

  private static final int FAILED = 1;
  private static final int WRONG_ARGUMENTS = 2;

  private InteropPeer() {}

  /**
   * Runs the peer.
   *
   * @param arguments {@code server}, then {@code --host H} and {@code --port N}; or {@code client},
   *     then {@code --url URL} and what to check; or {@code bitcode}, then files of vectors, of
   *     which {@code -} is the standard input
   */
  public static void main(String[] arguments) {
    int exitCode;
    try {
      String mode = arguments.length == 0 ? "none" : arguments[0];
      exitCode =
          switch (mode) {
            case "server" -> serve(ServerArguments.parse(arguments, 1));
            case "client" -> ClientRun.run(rest(arguments), System.out) ? 0 : FAILED;
            case "bitcode" -> checkVectors(rest(arguments));
            default ->
                throw new IllegalArgumentException(
                    "mode: " + mode + " (expected: server, client or bitcode)");
          };
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(USAGE);
      exitCode = WRONG_ARGUMENTS;
    } catch (IOException | InterruptedException e) {
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

  private static int checkVectors(List<String> files) throws IOException {
    return new VectorCheck(System.in, System.out).run(files) ? 0 : FAILED;
  }

  private static List<String> rest(String[] arguments) {
    return Arrays.asList(arguments).subList(1, arguments.length);
  }
}
