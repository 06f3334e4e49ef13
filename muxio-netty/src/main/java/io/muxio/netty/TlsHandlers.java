package io.muxio.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Makes the TLS handlers of servers and clients, and knows what they have found out. What takes
 * time in a handshake, and code of the user that judges certificates, runs on another executor than
 * the event loop; how long the handshake may take is limited together with that of the WebSocket.
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

  /**
   * Who the peer is, once its TLS handshake is done; on the channel's event loop.
   *
   * @param channel one with or without TLS
   * @return what the peer has shown, its own certificate first; empty where it has shown none
   */
  public static List<X509Certificate> peerCertificates(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    List<X509Certificate> found = new ArrayList<>();
    if (tls != null) {
      try {
        for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
          found.add((X509Certificate) certificate); // the only kind that TLS of the JVM has
        }
      } catch (SSLPeerUnverifiedException e) {
        // The peer was not asked for one.
      }
    }
    return List.copyOf(found);
  }

  private static SslHandler limitedByWebSocket(SslHandler handler) {
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }
}
