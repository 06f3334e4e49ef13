package io.muxio.netty.client;

import io.muxio.netty.server.RpcServer;
import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.netty.server.ServerLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** A server that can be ended and started again on the same port. */
final class ServerOnPort implements AutoCloseable {
  private final Consumer<RpcServerBuilder> methods;
  private RpcServer server;
  private int port;

  /** Starts it on a free port. */
  ServerOnPort(Consumer<RpcServerBuilder> methods) throws IOException {
    this.methods = methods;
    start();
  }

  void start() throws IOException {
    RpcServerBuilder builder =
        RpcServer.builder()
            .bind("127.0.0.1", port)
            .limits(
                ServerLimits.builder()
                    .drainTimeout(Duration.ofMillis(1))
                    .closeTimeout(Duration.ofMillis(100))
                    .build());
    methods.accept(builder);
    server = builder.build().start();
    port = server.address().getPort();
  }

  RpcServer server() {
    return server;
  }

  int port() {
    return port;
  }

  String uri() {
    return "ws://127.0.0.1:" + port + "/ws";
  }

  /** Ends it; whatever runs is cut off. */
  void stop() {
    server.close();
  }

  void restart() throws IOException {
    stop();
    start();
  }

  @Override
  public void close() {
    server.close();
  }
}
