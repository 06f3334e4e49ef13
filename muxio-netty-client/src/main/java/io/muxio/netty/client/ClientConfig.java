package io.muxio.netty.client;

import io.muxio.netty.ConnectionConfig;
import io.muxio.rpc.service.CallOptions;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client was told by its builder; a proxy and a token only where there is one, TLS only for
 * {@code wss}.
 */
record ClientConfig(
    ServerUri server,
    @Nullable HttpProxy proxy,
    @Nullable SslContext tls,
    HttpHeaders headers,
    @Nullable BearerToken token,
    ClientLimits limits,
    ConnectionConfig connection,
    ReconnectPolicy policy,
    HostResolver resolver,
    CallOptions options,
    List<ClientStateListener> listeners) {}
