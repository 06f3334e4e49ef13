package io.muxio.interop;

import io.muxio.examples.calculator.ServerArguments;
import io.muxio.netty.server.RpcServer;
import java.io.IOException;

/** The program that other implementations are run against. */
public final class InteropPeer {
  private static final String USAGE = "usage: interop-peer server [--host H] [--port N]";

  private InteropPeer() {}

  /**
   * Runs the peer.
   *
   * @param arguments {@code server}, then {@code --host H} and {@code --port N}
   */
  public static void main(String[] arguments) {
    ServerArguments address;
    try {
      if (arguments.length == 0 || !arguments[0].equals("server")) {
        String mode = arguments.length == 0 ? "none" : "'" + arguments[0] + "'";
        throw new IllegalArgumentException("mode: " + mode + " (expected: server)");
      }
      address = ServerArguments.parse(arguments, 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(USAGE);
      System.exit(2);
      return;
    }
    RpcServer server =
        InteropMethods.register(RpcServer.builder()).bind(address.host(), address.port()).build();
    try {
      server.start();
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      return;
    }
    System.out.println(address.listeningOn(server));
  }
}
