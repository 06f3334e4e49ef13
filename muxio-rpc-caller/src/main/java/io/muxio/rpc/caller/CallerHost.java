package io.muxio.rpc.caller;

import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.rpc.service.ConnectionThread;
import io.muxio.rpc.service.RpcConnection;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What a caller needs of its connection.
 *
 * @param dispatcher the connection's calls, touched on the connection's thread only
 * @param thread the connection's thread
 * @param timer runs what is due on the connection's thread, for deadlines
 * @param callbackExecutor decodes answers and completes futures, so that code of the user never
 *     runs on the connection's thread
 * @param allocator where requests are encoded
 * @param connection to whom is called, for texts, and whether calls are still possible
 */
public record CallerHost(
    RpcDispatcher dispatcher,
    ConnectionThread thread,
    ScheduledExecutorService timer,
    Executor callbackExecutor,
    ByteBufAllocator allocator,
    RpcConnection connection) {}
