package io.muxio.netty.server;

import io.muxio.netty.ConnectionConfig;
import java.net.InetSocketAddress;
import java.time.Duration;

/** What a server was told by its builder. */
record ServerConfig(
    InetSocketAddress bindAddress,
    String path,
    int maxMessageSize,
    int maxConnections,
    Duration handshakeTimeout,
    Duration drainTimeout,
    ConnectionConfig connection) {}
