package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.RpcConnection;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Executor;

/**
 * What an endpoint needs of the connection it serves.
 *
 * @param connection the connection, for the handlers' call context
 * @param handlerExecutor runs handlers of {@link ExecutionMode#EXECUTOR}
 * @param callbackExecutor runs actions on cancel; not the handler executor, whose threads may all
 *     be handlers that wait for just these
 * @param connectionExecutor runs tasks on the connection's thread, at once where called on it, and
 *     flushes what they wrote; runs every task that it accepts, also when the connection has ended
 * @param allocator where answers are encoded
 */
public record EndpointHost(
    RpcConnection connection,
    Executor handlerExecutor,
    Executor callbackExecutor,
    Executor connectionExecutor,
    ByteBufAllocator allocator) {}
