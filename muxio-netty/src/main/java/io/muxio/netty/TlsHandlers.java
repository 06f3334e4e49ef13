package io.muxio.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Executor;

/**
 * Makes the TLS handlers of servers and clients. What takes time in a handshake, and code of the
 * user that judges certificates, runs on another executor than the event loop; how long the
 * handshake may take is limited together with that of the WebSocket.
 */
public final class TlsHandlers {
  private TlsHandlers() {}

  /**
   * The handler of a channel that was accepted.
   *
   * @param context of the server
   * @param allocator of the channel
   * @param executor where handshakes are computed
   * @return a new handler
   */
  public static SslHandler server(
      SslContext context, ByteBufAllocator allocator, Executor executor) {
    return limitedByWebSocket(context.newHandler(allocator, executor));
  }

  /**
   * The handler of a channel to a server.
   *
   * @param context of the client
   * @param allocator of the channel
   * @param host whose name the server's certificate has to bear
   * @param port of the server
   * @param executor where handshakes are computed
   * @return a new handler
   */
  public static SslHandler client(
      SslContext context, ByteBufAllocator allocator, String host, int port, Executor executor) {
    return limitedByWebSocket(context.newHandler(allocator, host, port, executor));
  }

  private static SslHandler limitedByWebSocket(SslHandler handler) {
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }
}
