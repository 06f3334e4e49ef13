package io.muxio.netty.server;

import io.muxio.core.frame.IdSpace;
import io.muxio.netty.ConnectionConfig;
import io.muxio.netty.HostBuilder;
import io.muxio.netty.HostThreads;
import io.muxio.netty.PemTls;
import io.muxio.netty.Transport;
import io.muxio.rpc.endpoint.ConcurrencyLimit;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects a server's methods and settings. Not thread-safe. */
public final class RpcServerBuilder extends HostBuilder<RpcServerBuilder> {
  private static final int MAX_PORT = 0xffff;

  private @Nullable SocketAddress bindAddress;
  private @Nullable Set<PosixFilePermission> socketPermissions;
  private String path = "/ws";
  private @Nullable SslContext tls;
  private Origins origins = Origins.SAME_HOST;
  private @Nullable Authenticator authenticator;
  private ServerLimits limits = ServerLimits.DEFAULT;
  private @Nullable ConcurrencyLimit concurrencyLimit;

  RpcServerBuilder() {}

  @Override
  protected RpcServerBuilder self() {
    return this;
  }

  /**
   * Where to listen; called again, it replaces the address. Not needed where {@link
   * RpcServer#channelInitializer()} or {@link RpcServer#upgradeHandler()} is used instead of {@link
   * RpcServer#start()}.
   *
   * @param host a name or an address; {@code 0.0.0.0} or {@code ::} for all interfaces
   * @param port 0 to 65,535; 0 for any free port
   * @return this builder
   * @throws IllegalArgumentException where the port is none
   * @throws IllegalStateException after {@link #bindUnix}: a server listens at one place
   */
  public RpcServerBuilder bind(String host, int port) {
    Objects.requireNonNull(host, "host");
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
    if (bindAddress instanceof UnixDomainSocketAddress unix) {
      throw both("bind(" + host + ", " + port + ")", "bindUnix(" + unix + ")");
    }
    bindAddress = new InetSocketAddress(host, port);
    return this;
  }

  /**
   * Listens on a unix socket instead of TCP, for clients of this machine, which connect to {@code
   * unix:/PATH}; called again, it replaces the path. The file is made by {@link RpcServer#start()}:
   * one that a server left behind is replaced, one on which somebody listens or that is no socket
   * is refused. {@link RpcServer#close()} deletes it, unless another has taken its place.
   *
   * <p>Whoever may write to the file may connect; the process's umask says who that is.
   *
   * @param path in the default file system, 107 bytes at most; its folder exists
   * @return this builder
   * @throws IllegalArgumentException where the path is empty or too long
   * @throws IllegalStateException after {@link #bind}: a server listens at one place
   */
  public RpcServerBuilder bindUnix(Path path) {
    return bindUnixAs(path, null);
  }

  /**
   * Listens on a unix socket with these permissions. For an instant it has those of the process's
   * umask; a folder that others may not enter has no such gap.
   *
   * @param path see {@link #bindUnix(Path)}
   * @param permissions of the file, such as {@code PosixFilePermissions.fromString("rw-rw----")}
   * @return this builder
   * @throws IllegalArgumentException where the path is empty or too long
   * @throws IllegalStateException after {@link #bind}: a server listens at one place
   */
  public RpcServerBuilder bindUnix(Path path, Set<PosixFilePermission> permissions) {
    return bindUnixAs(path, Set.copyOf(permissions));
  }

  private RpcServerBuilder bindUnixAs(Path path, @Nullable Set<PosixFilePermission> permissions) {
    if (bindAddress instanceof InetSocketAddress tcp) {
      String before = "bind(" + tcp.getHostString() + ", " + tcp.getPort() + ")";
      throw both("bindUnix(" + path + ")", before);
    }
    bindAddress = Transport.unixAddress(path);
    socketPermissions = permissions;
    return this;
  }

  private static IllegalStateException both(String call, String before) {
    return new IllegalStateException(call + " after " + before + " (expected: one of them)");
  }

  /**
   * The path that clients connect to; every other is answered 404.
   *
   * @param path begins with a slash; default {@code /ws}, which published clients are bound to
   * @return this builder
   */
  public RpcServerBuilder path(String path) {
    if (!path.startsWith("/") || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
      throw new IllegalArgumentException(
          "path: '" + path + "' (expected: begins with /, without query and fragment)");
    }
    this.path = path;
    return this;
  }

  /**
   * Serves clients over TLS only, those of a bootstrap of the user's own included. Not for {@link
   * RpcServer#upgradeHandler()}, whose pipeline has its own {@code SslHandler}.
   *
   * @param context for servers, such as of {@link PemTls#server}; default none
   * @return this builder
   * @throws IllegalArgumentException where the context is for clients
   */
  public RpcServerBuilder tls(SslContext context) {
    if (context.isClient()) {
      throw new IllegalArgumentException("tls: a client's context (expected: a server's)");
    }
    tls = context;
    return this;
  }

  /**
   * Decides who may connect, before the WebSocket upgrade is answered.
   *
   * @param authenticator such as {@link BearerTokens}; by default everybody may, without a name
   * @return this builder
   */
  public RpcServerBuilder authenticator(Authenticator authenticator) {
    this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    return this;
  }

  /**
   * Lets pages of other hosts connect. A browser tells with every request which page it comes from;
   * by default only pages of the same host and port as the request's {@code Host} may connect (with
   * {@link #tls} of {@code https} only), and others are answered 403. Clients that are no browsers
   * tell no origin, and are not asked for one. Whoever is no browser can tell any: this protects
   * the people who use one from pages of others, and is no authentication.
   *
   * @param origins more of them, as {@code SCHEME://HOST[:PORT]}, such as {@code
   *     https://shop.example}; compared without regard to case, and with the port that the scheme
   *     has by itself
   * @return this builder
   * @throws IllegalArgumentException where one is no origin
   */
  public RpcServerBuilder allowedOrigins(String... origins) {
    for (String origin : origins) {
      this.origins = this.origins.and(origin);
    }
    return this;
  }

  /**
   * Lets pages of every origin connect. Each page that one of your users looks at can then call the
   * server from that user's network and with that user's cookies.
   *
   * @return this builder
   */
  public RpcServerBuilder allowAnyOrigin() {
    origins = origins.andAny();
    return this;
  }

  /**
   * What clients can make grow, and how long they may take: every bound of the server.
   *
   * @param limits the bounds; default {@link ServerLimits#DEFAULT}
   * @return this builder
   */
  public RpcServerBuilder limits(ServerLimits limits) {
    this.limits = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * Takes fewer unary calls at once than {@link ServerLimits#maxCalls()} where more would be too
   * slow. Who is refused is told when to try again.
   *
   * @param limit for this server alone, such as {@code ConcurrencyLimit.adaptive(20, 2_000)}; by
   *     default none
   * @return this builder
   */
  public RpcServerBuilder concurrencyLimit(ConcurrencyLimit limit) {
    concurrencyLimit = Objects.requireNonNull(limit, "limit");
    return this;
  }

  /**
   * Makes the server, which is yet to be started. The builder may be used on.
   *
   * @return a new server
   * @throws IllegalStateException where a unix socket is to be bound with TLS, which clients do not
   *     speak there
   */
  public RpcServer build() {
    if (tls != null && bindAddress instanceof UnixDomainSocketAddress) {
      throw new IllegalStateException("bindUnix with tls (expected: one of them)");
    }
    callLimits(limits.maxCalls(), concurrencyLimit);
    HostThreads threads = threads("muxio-server", 0, false);
    ConnectionConfig connection = connection(IdSpace.SERVER, null, limits.connection(), threads);
    ServerConfig config =
        new ServerConfig(
            bindAddress, socketPermissions, path, tls, origins, authenticator, limits, connection);
    return new RpcServer(config, threads);
  }
}
