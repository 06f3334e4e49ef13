package io.muxio.rpc.service;

import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One connection to a peer. Safe to use from any thread. */
public interface RpcConnection {
  /**
   * A number that no other connection of this server or client has had.
   *
   * @return 1 or more
   */
  long id();

  /**
   * Where the peer is.
   *
   * @return its address, which stays known after the connection has ended. Over a unix socket that
   *     of the server's socket on both ends, because clients have none there
   */
  SocketAddress remoteAddress();

  /**
   * Who the peer is, as far as it has shown a certificate that this end trusts: every server does
   * with TLS, clients where the server requires it.
   *
   * @return the peer's own certificate first; empty without TLS, without a certificate, and before
   *     the connection is up
   */
  default List<X509Certificate> peerCertificates() {
    return List.of();
  }

  /**
   * Who the peer is, as the server's authenticator has said when it let the client in.
   *
   * @return the client's principal, always the same from before the connection is up, and known
   *     after its end; null without an authenticator, for a client that was let in without a name,
   *     and at a client, whose server is known by its {@link #peerCertificates()}
   */
  default @Nullable Principal principal() {
    return null;
  }

  /**
   * Calls the peer over this connection, from any thread, handlers that serve the peer included.
   *
   * @return always the same caller; before the connection is up and once it has ended its calls
   *     fail with {@link RpcStatus#DISCONNECTED}
   */
  RpcCaller caller();

  /**
   * Where the connection is in its life.
   *
   * @return the state of this moment; calls are possible in {@link ConnectionState#CONNECTED}
   */
  ConnectionState state();

  /**
   * What the application keeps with the connection, such as who the peer is. Handlers in the
   * channel's pipeline see the same attributes in the channel's.
   *
   * @param <T> the type of the value
   * @param key which attribute; a constant
   * @return the attribute, empty until it is set; stays readable when the connection has ended
   */
  <T> Attribute<T> attr(AttributeKey<T> key);

  /**
   * Ends the connection: the peer gets a WebSocket close (1000), calls in flight fail. Before the
   * handshake is done there is nobody to tell, and the socket is closed.
   *
   * @return done when the connection is closed
   */
  CompletionStage<Void> close();
}
