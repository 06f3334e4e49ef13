package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.ConnectionThread;
import io.muxio.rpc.service.RpcConnection;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What an endpoint needs of the connection it serves.
 *
 * @param connection the connection, for the handlers' call context
 * @param handlerExecutor runs handlers of {@link ExecutionMode#EXECUTOR}
 * @param callbackExecutor runs actions on cancel; not the handler executor, whose threads may all
 *     be handlers that wait for just these
 * @param thread the connection's thread, where answers are sent
 * @param timer runs what is due on the connection's thread
 * @param timeouts how long a call may take
 * @param allocator where answers are encoded
 */
public record EndpointHost(
    RpcConnection connection,
    Executor handlerExecutor,
    Executor callbackExecutor,
    ConnectionThread thread,
    ScheduledExecutorService timer,
    CallTimeouts timeouts,
    ByteBufAllocator allocator) {}
