package io.muxio.examples.calculator;

import io.muxio.netty.server.RpcServer;
import java.io.IOException;

/** Serves the calculator until it is stopped. */
public final class CalculatorServer {
  private CalculatorServer() {}

  /**
   * Runs the server.
   *
   * @param arguments {@code --host H} (default 127.0.0.1) and {@code --port N} (default 3000; 0 for
   *     any free port)
   */
  public static void main(String[] arguments) {
    ServerArguments address;
    try {
      address = ServerArguments.parse(arguments, 0);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println("usage: calculator [--host H] [--port N]");
      System.exit(2);
      return;
    }
    RpcServer server =
        RpcServer.builder()
            .bind(address.host(), address.port())
            .service(Calculator.class, new LocalCalculator())
            .build();
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
