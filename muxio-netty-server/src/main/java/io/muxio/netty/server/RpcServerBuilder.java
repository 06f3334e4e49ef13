package io.muxio.netty.server;

import io.muxio.core.frame.IdSpace;
import io.muxio.netty.ConnectionConfig;
import io.muxio.netty.HostBuilder;
import io.muxio.netty.HostThreads;
import io.muxio.netty.PemTls;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects a server's methods and settings. Not thread-safe. */
public final class RpcServerBuilder extends HostBuilder<RpcServerBuilder> {
  private static final int MAX_PORT = 0xffff;

  private @Nullable InetSocketAddress bindAddress;
  private String path = "/ws";
  private @Nullable SslContext tls;
  private ServerLimits limits = ServerLimits.DEFAULT;

  RpcServerBuilder() {}

  @Override
  protected RpcServerBuilder self() {
    return this;
  }

  /**
   * Where to listen. Not needed where {@link RpcServer#channelInitializer()} or {@link
   * RpcServer#upgradeHandler()} is used instead of {@link RpcServer#start()}.
   *
   * @param host a name or an address; {@code 0.0.0.0} or {@code ::} for all interfaces
   * @param port 0 to 65,535; 0 for any free port
   * @return this builder
   */
  public RpcServerBuilder bind(String host, int port) {
    Objects.requireNonNull(host, "host");
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
    bindAddress = new InetSocketAddress(host, port);
    return this;
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
   * Makes the server, which is yet to be started. The builder may be used on.
   *
   * @return a new server
   */
  public RpcServer build() {
    HostThreads threads = threads("muxio-server", 0, false);
    ConnectionConfig connection = connection(IdSpace.SERVER, null, limits.connection(), threads);
    return new RpcServer(new ServerConfig(bindAddress, path, tls, limits, connection), threads);
  }
}
