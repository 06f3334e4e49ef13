package io.muxio.netty.server;

import io.muxio.netty.ConnectionConfig;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a server was told by its builder; no address where it binds none, no TLS where it has none.
 */
record ServerConfig(
    @Nullable InetSocketAddress bindAddress,
    String path,
    @Nullable SslContext tls,
    ServerLimits limits,
    ConnectionConfig connection) {}
