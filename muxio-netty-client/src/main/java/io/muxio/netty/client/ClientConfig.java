package io.muxio.netty.client;

import io.muxio.netty.ConnectionConfig;
import io.muxio.rpc.service.CallOptions;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client was told by its builder; TLS only for {@code wss}, a token where there is one. */
record ClientConfig(
    ServerUri server,
    @Nullable SslContext tls,
    HttpHeaders headers,
    @Nullable BearerToken token,
    ClientLimits limits,
    ConnectionConfig connection,
    ReconnectPolicy policy,
    HostResolver resolver,
    CallOptions options,
    List<ClientStateListener> listeners) {}
