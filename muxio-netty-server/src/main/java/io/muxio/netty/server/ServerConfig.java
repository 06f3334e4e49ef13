package io.muxio.netty.server;

import io.muxio.netty.ConnectionConfig;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What a server was told by its builder; no address where it binds none. */
record ServerConfig(
    @Nullable InetSocketAddress bindAddress,
    String path,
    ServerLimits limits,
    ConnectionConfig connection) {}
