package io.muxio.netty.client;

import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.RpcServer;
import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.netty.server.ServerLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A server that is replaced on its port, as a supervisor does it: the new one listens as soon as
 * the old one does so no more, while that still finishes its calls.
 */
final class RollingServer implements AutoCloseable {
  private final Consumer<RpcServerBuilder> methods;
  private final List<CompletableFuture<Void>> closing = new CopyOnWriteArrayList<>();
  private RpcServer server;
  private int port;

  /** Starts the first one on a free port. */
  RollingServer(Consumer<RpcServerBuilder> methods) throws IOException {
    this.methods = methods;
    server = newServer().start();
    port = server.address().getPort();
  }

  private RpcServer newServer() {
    RpcServerBuilder builder =
        RpcServer.builder()
            .bind("127.0.0.1", port)
            .limits(ServerLimits.builder().drainTimeout(Duration.ofSeconds(40)).build());
    methods.accept(builder);
    return builder.build();
  }

  RpcServer server() {
    return server;
  }

  String uri() {
    return "ws://127.0.0.1:" + port + "/ws";
  }

  /** Closes the server on a thread of its own; done when its calls have finished. */
  CompletableFuture<Void> closeLater() {
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(server::close, task -> new Thread(task, "closing").start());
    closing.add(closed);
    return closed;
  }

  /** Starts the next one, which may have to wait for the port. */
  void startNext() {
    server =
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .ignoreExceptionsInstanceOf(IOException.class)
            .until(() -> newServer().start(), next -> true);
  }

  /** Replaces the server; done when the calls of the old one have finished. */
  CompletableFuture<Void> replace() {
    CompletableFuture<Void> closed = closeLater();
    startNext();
    return closed;
  }

  /** Waits for the old ones too. */
  @Override
  public void close() {
    server.close();
    closing.forEach(CompletableFuture::join);
  }
}
