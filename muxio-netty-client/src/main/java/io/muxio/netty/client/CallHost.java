package io.muxio.netty.client;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;

/**
 * What a call needs of its client.
 *
 * @param reconnector finds it a connection, on the client's event loop
 * @param loop the client's event loop
 * @param callbacks completes futures, so that code of the user never runs on the event loop
 * @param waitingBytes how much of what waits may be held
 * @param maxSends how often a call is sent at most
 */
record CallHost(
    Reconnector reconnector,
    EventLoop loop,
    Executor callbacks,
    WaitingBytes waitingBytes,
    int maxSends) {}
