package io.muxio.core.rpc;

import io.netty.buffer.ByteBuf;

/**
 * The RPC header that a stream begins with.
 *
 * @param type what the stream is
 * @param requestId ties an answer to its call; an unsigned number
 * @param methodId XXH3-64 of the method's name; 0 in the answer of a streaming handler
 * @param metadata a small call's parameters, or an answer's status byte; at most 65,535 bytes. Who
 *     gets the header owns it
 */
public record RpcHeader(RpcMessageType type, int requestId, long methodId, ByteBuf metadata) {}
