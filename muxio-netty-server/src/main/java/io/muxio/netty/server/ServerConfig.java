package io.muxio.netty.server;

import io.muxio.netty.ConnectionConfig;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a server was told by its builder; no address where it binds none, no TLS and no
 * authenticator where it has none.
 */
record ServerConfig(
    @Nullable InetSocketAddress bindAddress,
    String path,
    @Nullable SslContext tls,
    Origins origins,
    @Nullable Authenticator authenticator,
    ServerLimits limits,
    ConnectionConfig connection) {}
