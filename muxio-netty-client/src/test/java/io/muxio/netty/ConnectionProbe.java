package io.muxio.netty;

import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.testkit.Usage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Looks into a connection on a channel. */
public final class ConnectionProbe {
  private ConnectionProbe() {}

  /** What it holds now; waits for its event loop. */
  public static Usage usageOf(RpcConnection connection) {
    ConnectionHandler handler = ((ChannelConnection) connection).handler();
    CompletableFuture<Usage> usage = new CompletableFuture<>();
    try {
      handler.channel().eventLoop().execute(() -> usage.complete(usageOf(handler.dispatcher())));
    } catch (RejectedExecutionException e) {
      return Usage.ZERO; // the loop has terminated, and its connections with it
    }
    return usage.join();
  }

  /** Closes the socket without a WebSocket close. */
  public static void cut(RpcConnection connection) {
    ((ChannelConnection) connection).handler().channel().close();
  }

  private static Usage usageOf(RpcDispatcher dispatcher) {
    return new Usage(
        dispatcher.inboundCalls(),
        dispatcher.pendingCalls(),
        dispatcher.session().openStreams(),
        dispatcher.session().bufferedBytes());
  }
}
