package io.muxio.examples.calculator;

import io.muxio.netty.server.RpcServer;

/**
 * Where a server program listens.
 *
 * @param host a name or an address
 * @param port 0 for any free port
 */
public record ServerArguments(String host, int port) {
  private static final int DEFAULT_PORT = 3000;
  private static final int MAX_PORT = 65_535;

  /**
   * Reads {@code --host H} and {@code --port N}.
   *
   * @param arguments of the command line
   * @param from where the options begin
   * @return what they say
   * @throws IllegalArgumentException where one is unknown, lacks its value, or is no port
   */
  public static ServerArguments parse(String[] arguments, int from) {
    String host = "127.0.0.1";
    int port = DEFAULT_PORT;
    for (int index = from; index < arguments.length; index += 2) {
      String option = arguments[index];
      if (!option.equals("--host") && !option.equals("--port")) {
        throw new IllegalArgumentException(
            "unknown option '" + option + "' (expected: --host or --port)");
      }
      if (index + 1 == arguments.length) {
        throw new IllegalArgumentException(option + " without a value");
      }
      String value = arguments[index + 1];
      if (option.equals("--host")) {
        host = value;
      } else {
        port = parsePort(value);
      }
    }
    return new ServerArguments(host, port);
  }

  private static int parsePort(String value) {
    try {
      int port = Integer.parseInt(value);
      if (port >= 0 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // falls through to the same message
    }
    throw new IllegalArgumentException("--port " + value + " (expected: 0 to 65535)");
  }

  /**
   * The line that says where clients can connect.
   *
   * @param server a started server
   * @return such as {@code listening on ws://127.0.0.1:3000/ws}
   */
  public String listeningOn(RpcServer server) {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return "listening on ws://" + shown + ":" + server.address().getPort() + "/ws";
  }
}
