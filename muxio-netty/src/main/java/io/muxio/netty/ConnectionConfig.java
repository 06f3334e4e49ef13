package io.muxio.netty;

import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.RpcConnection;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of one server or client behave.
 *
 * @param idSpace the half of the ids that this end allocates
 * @param format the peer's generation, or null to tell it from its first message
 * @param chunkSize bytes of payload in one outgoing frame at most; 1 or more
 * @param limits bounds what the peer can make grow, and how long it may take
 * @param endpoint serves the peer's calls
 * @param handlerExecutor runs handlers
 * @param callbackExecutor completes futures and runs actions on cancel; not the handler executor,
 *     whose threads may all be handlers that wait for just these
 * @param connections safe for use by many threads; holds each connection while it is up
 */
public record ConnectionConfig(
    IdSpace idSpace,
    @Nullable FrameFormat format,
    int chunkSize,
    ConnectionLimits limits,
    RpcEndpoint endpoint,
    Executor handlerExecutor,
    Executor callbackExecutor,
    Set<RpcConnection> connections) {}
