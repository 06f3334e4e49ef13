package io.muxio.netty.server;

import io.muxio.netty.ConnectionConfig;
import io.netty.handler.ssl.SslContext;
import java.net.SocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server was told by its builder; no address where it binds none, permissions only of a unix
 * socket that is not left to the process's umask, no TLS and no authenticator where it has none.
 */
record ServerConfig(
    @Nullable SocketAddress bindAddress,
    @Nullable Set<PosixFilePermission> socketPermissions,
    String path,
    @Nullable SslContext tls,
    Origins origins,
    @Nullable Authenticator authenticator,
    ServerLimits limits,
    ConnectionConfig connection) {}
