package io.muxio.netty.server;

import io.muxio.netty.ConnectionConfig;
import java.net.InetSocketAddress;

/** What a server was told by its builder. */
record ServerConfig(
    InetSocketAddress bindAddress, String path, ServerLimits limits, ConnectionConfig connection) {}
