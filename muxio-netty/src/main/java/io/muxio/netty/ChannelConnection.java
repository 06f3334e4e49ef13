package io.muxio.netty;

import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcConnection;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A connection as users see it. Safe to use from any thread. */
final class ChannelConnection implements RpcConnection {
  private static final AtomicLong lastId = new AtomicLong();

  private final long id = lastId.incrementAndGet();
  private final Channel channel;
  private final SocketAddress remoteAddress;
  private final ConnectionHandler handler;
  private volatile List<Certificate> peerCertificates = List.of();

  ChannelConnection(Channel channel, ConnectionHandler handler) {
    this.channel = channel;
    this.remoteAddress = channel.remoteAddress();
    this.handler = handler;
  }

  ConnectionHandler handler() {
    return handler;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public SocketAddress remoteAddress() {
    return remoteAddress;
  }

  /** The handshakes are done; what the TLS handler knows does not outlive the channel. */
  void connected() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      try {
        peerCertificates = List.of(tls.engine().getSession().getPeerCertificates());
      } catch (SSLPeerUnverifiedException e) {
        // The peer was not asked for one.
      }
    }
  }

  @Override
  public List<Certificate> peerCertificates() {
    return peerCertificates;
  }

  @Override
  public RpcCaller caller() {
    return handler.caller();
  }

  @Override
  public ConnectionState state() {
    return handler.state();
  }

  @Override
  public <T> Attribute<T> attr(AttributeKey<T> key) {
    return channel.attr(key);
  }

  @Override
  public CompletionStage<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    handler.disconnected().thenRun(() -> closed.completeAsync(() -> null));
    handler.closeLater(WebSocketCloseStatus.NORMAL_CLOSURE, "closed");
    return closed;
  }

  @Override
  public String toString() {
    return "connection " + id + " of " + remoteAddress;
  }
}
