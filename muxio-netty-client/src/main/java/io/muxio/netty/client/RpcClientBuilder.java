package io.muxio.netty.client;

import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.netty.ConnectionConfig;
import io.muxio.netty.HostBuilder;
import io.muxio.netty.HostThreads;
import io.muxio.netty.PemTls;
import io.muxio.rpc.service.CallOptions;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Collects a client's settings and the methods that it serves to its server. Of an event-loop group
 * of the user's a client uses one loop, until it is closed. Not thread-safe.
 */
public final class RpcClientBuilder extends HostBuilder<RpcClientBuilder> {
  private static final Duration FIRST_DELAY = Duration.ofMillis(100);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

  private final ServerUri server;
  private final HttpHeaders headers = new DefaultHttpHeaders();
  private @Nullable BearerToken token;
  private @Nullable HttpProxy proxy;
  private @Nullable SslContext tls;
  private FrameFormat format = FrameFormat.GENERATION_13;
  private ClientLimits limits = ClientLimits.DEFAULT;
  private CallOptions options = CallOptions.DEFAULT;
  private ReconnectPolicy policy = ReconnectPolicy.exponential(FIRST_DELAY, LONGEST_DELAY);
  private HostResolver resolver = InetAddress::getAllByName;
  private final List<ClientStateListener> listeners = new ArrayList<>();

  RpcClientBuilder(ServerUri server) {
    this.server = server;
  }

  @Override
  protected RpcClientBuilder self() {
    return this;
  }

  /**
   * Adds a header to the request of every handshake.
   *
   * @param name such as {@code Authorization}
   * @param value as it is sent
   * @return this builder
   * @throws IllegalArgumentException where name or value cannot be sent
   */
  public RpcClientBuilder header(String name, String value) {
    headers.add(name, value);
    return this;
  }

  /**
   * Says who the client is by a token (RFC 6750) that does not change.
   *
   * @param token sent with every handshake, as {@code Authorization: Bearer TOKEN} and instead of
   *     another header of that name; a secret, so for {@code wss} URIs and networks that are
   *     trusted
   * @return this builder
   * @throws IllegalArgumentException where the token has characters that RFC 6750 does not allow
   */
  public RpcClientBuilder bearerToken(String token) {
    BearerToken.require(token);
    return bearerToken(() -> token);
  }

  /**
   * Says who the client is by a token that expires.
   *
   * @param source asked anew for every attempt to connect, so that a reconnect never comes with an
   *     old token; never on an event loop, so it may block, but should not for ever. Where it
   *     throws, or gives what is no token, the attempt fails, and the reconnect policy decides
   * @return this builder
   */
  public RpcClientBuilder bearerToken(Callable<String> source) {
    token = new BearerToken(Objects.requireNonNull(source, "source"));
    return this;
  }

  /**
   * How the client speaks TLS; needs a {@code wss} URI.
   *
   * @param context for clients, such as of {@link PemTls#client}; default {@link PemTls#client()}.
   *     One that Netty's builder made checks the server's name unless it was told not to
   * @return this builder
   * @throws IllegalArgumentException where the context is for servers, or the URI is {@code ws}
   */
  public RpcClientBuilder tls(SslContext context) {
    if (context.isServer()) {
      throw new IllegalArgumentException("tls: a server's context (expected: a client's)");
    }
    if (!server.isSecure()) {
      throw new IllegalArgumentException("tls with " + server + " (expected: wss://…)");
    }
    tls = context;
    return this;
  }

  /**
   * Connects through an HTTP proxy, with {@code CONNECT}, for {@code ws} and {@code wss} alike. The
   * proxy resolves the server's name; TLS is spoken with the server, within the tunnel. That the
   * proxy connects and opens the tunnel has to happen within {@link ClientLimits#connectTimeout()};
   * where it refuses, the attempt fails with a {@link ProxyRefusedException}.
   *
   * @param host the proxy's name, of which all addresses are tried, or its address
   * @param port 1 to 65,535
   * @return this builder
   * @throws IllegalArgumentException where there is no such port, or the server is on a unix socket
   */
  public RpcClientBuilder httpProxy(String host, int port) {
    return through(new HttpProxy(host, port, null));
  }

  /**
   * Connects through an HTTP proxy that wants to know who we are. It gets user and password
   * unencrypted (Basic), with the first request.
   *
   * @param host see {@link #httpProxy(String, int)}
   * @param port see {@link #httpProxy(String, int)}
   * @param user without a colon
   * @param password in no log and no message
   * @return this builder
   * @throws IllegalArgumentException see {@link #httpProxy(String, int)}; or where the user has a
   *     colon
   */
  public RpcClientBuilder httpProxy(String host, int port, String user, String password) {
    return through(HttpProxy.withUser(host, port, user, password));
  }

  private RpcClientBuilder through(HttpProxy proxy) {
    if (server.socket() != null) {
      throw new IllegalArgumentException(
          "httpProxy with " + server + " (expected: ws://… or wss://…)");
    }
    this.proxy = proxy;
    return this;
  }

  /**
   * The wire generation of the server. Nothing on the wire tells it, and with the wrong one every
   * call waits in vain.
   *
   * @param format default {@link FrameFormat#GENERATION_13}, which servers of this project and
   *     published ones from 0.15 on speak; {@link FrameFormat#GENERATION_21} for older ones
   * @return this builder
   */
  public RpcClientBuilder format(FrameFormat format) {
    this.format = Objects.requireNonNull(format, "format");
    return this;
  }

  /**
   * What the server can make grow, what waits, and how long everything may take.
   *
   * @param limits the bounds; default {@link ClientLimits#DEFAULT}
   * @return this builder
   */
  public RpcClientBuilder limits(ClientLimits limits) {
    this.limits = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * How calls are made that come without options.
   *
   * @param options default {@link CallOptions#DEFAULT}, which has no deadline: without a connection
   *     such a call waits until there is one
   * @return this builder
   */
  public RpcClientBuilder callOptions(CallOptions options) {
    this.options = Objects.requireNonNull(options, "options");
    return this;
  }

  /**
   * When to connect again.
   *
   * @param policy default {@link ReconnectPolicy#exponential} from 100 ms to 30 s, for ever
   * @return this builder
   */
  public RpcClientBuilder reconnectPolicy(ReconnectPolicy policy) {
    this.policy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Adds a listener that is told where the client is in its life; several are told in this order.
   * What happens to each connection is told to a {@link #connectionListener}.
   *
   * @param listener never called on an event loop
   * @return this builder
   */
  public RpcClientBuilder stateListener(ClientStateListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /** For tests: how the name is resolved. */
  RpcClientBuilder resolver(HostResolver resolver) {
    this.resolver = resolver;
    return this;
  }

  /**
   * Makes a client and waits until it is connected. Whatever happens later, it connects again.
   *
   * @return a new client, which is connected
   * @throws IOException where the first attempt fails; nothing is left of the client then. A {@link
   *     HandshakeRefusedException} where the server has refused, a {@link ProxyRefusedException}
   *     where the proxy has
   * @throws IllegalStateException on an event loop of the client, which it would wait for
   */
  public RpcClient connect() throws IOException {
    RpcClient client = newClient();
    client.startAndWait();
    return client;
  }

  /**
   * Makes a client that connects in the background, as often as it takes. Its calls wait until
   * then.
   *
   * @return a new client, which is {@link ClientState#CONNECTING}
   */
  public RpcClient connectLater() {
    RpcClient client = newClient();
    client.start();
    return client;
  }

  private SslContext tls() {
    try {
      return tls == null ? PemTls.client() : tls;
    } catch (SSLException e) {
      throw new IllegalStateException("no TLS in this JVM", e);
    }
  }

  private RpcClient newClient() {
    SslContext context = server.isSecure() ? tls() : null;
    HostThreads threads = threads("muxio-client", 1, true);
    ConnectionConfig connection = connection(IdSpace.CLIENT, format, limits.connection(), threads);
    ClientConfig config =
        new ClientConfig(
            server,
            proxy,
            context,
            headers.copy(),
            token,
            limits,
            connection,
            policy,
            resolver,
            options,
            List.copyOf(listeners));
    return new RpcClient(config, threads);
  }
}
