package io.muxio.netty;

import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcConnection;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A connection as users see it. Safe to use from any thread. */
final class ChannelConnection implements RpcConnection {
  private static final AtomicLong lastId = new AtomicLong();

  private final long id = lastId.incrementAndGet();
  private final Channel channel;
  private final SocketAddress remoteAddress;
  private final ConnectionHandler handler;

  /** Set before anybody can use the connection. */
  private RpcCaller caller;

  private volatile List<X509Certificate> peerCertificates = List.of();
  private volatile @Nullable Principal principal;

  @SuppressWarnings("NullAway.Init") // see callBy
  ChannelConnection(Channel channel, ConnectionHandler handler) {
    this.channel = channel;
    this.remoteAddress = PeerAddress.of(channel);
    this.handler = handler;
  }

  /** The handler makes its connection before its caller. */
  void callBy(RpcCaller caller) {
    this.caller = caller;
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
    peerCertificates = TlsHandlers.peerCertificates(channel);
  }

  void authenticated(Principal client) {
    principal = client;
  }

  @Override
  public List<X509Certificate> peerCertificates() {
    return peerCertificates;
  }

  @Override
  public @Nullable Principal principal() {
    return principal;
  }

  @Override
  public RpcCaller caller() {
    return caller;
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
