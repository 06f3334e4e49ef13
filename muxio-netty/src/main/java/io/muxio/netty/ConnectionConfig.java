package io.muxio.netty;

import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.rpc.RpcSession;
import io.muxio.core.rpc.SessionConfig;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.CallInterceptor;
import io.muxio.rpc.service.ConnectionListener;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of one server or client behave.
 *
 * @param idSpace the half of the ids that this end allocates
 * @param format the peer's generation, or null to tell it from its first message
 * @param extension whether the extension {@link RpcSession#EXTENSION} is spoken with peers that
 *     know it; not with one that is told to be of generation 21
 * @param chunkSize bytes of payload in one outgoing frame at most; 1 or more
 * @param limits bounds what the peer can make grow, and how long it may take
 * @param endpoint serves the peer's calls
 * @param handlerExecutor runs handlers
 * @param callbackExecutor completes futures, runs actions on cancel, tells listeners; not the
 *     handler executor, whose threads may all be handlers that wait for just these
 * @param listeners are told what happens to each connection, on the callback executor
 * @param callInterceptors stand around the calls to the peer, the first outermost
 */
public record ConnectionConfig(
    IdSpace idSpace,
    @Nullable FrameFormat format,
    boolean extension,
    int chunkSize,
    ConnectionLimits limits,
    RpcEndpoint endpoint,
    Executor handlerExecutor,
    Executor callbackExecutor,
    List<ConnectionListener> listeners,
    List<CallInterceptor> callInterceptors) {
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1_000;

  /**
   * Keeps copies of the lists.
   *
   * @param idSpace see the record
   * @param format see the record
   * @param extension see the record
   * @param chunkSize see the record
   * @param limits see the record
   * @param endpoint see the record
   * @param handlerExecutor see the record
   * @param callbackExecutor see the record
   * @param listeners see the record
   * @param callInterceptors see the record
   */
  public ConnectionConfig {
    extension &= format != FrameFormat.GENERATION_21;
    listeners = List.copyOf(listeners);
    callInterceptors = List.copyOf(callInterceptors);
  }

  /**
   * How the WebSocket codec reads what the peer sends.
   *
   * @return clients mask what they send, servers do not
   */
  public WebSocketDecoderConfig webSocket() {
    return WebSocketDecoderConfig.newBuilder()
        .maxFramePayloadLength(limits.maxMessageSize())
        .expectMaskedFrames(idSpace == IdSpace.SERVER)
        .allowExtensions(false)
        // Text is refused whatever it says, and closing is the connection's.
        .withUTF8Validator(false)
        .closeOnProtocolViolation(false)
        .build();
  }

  /** What the protocol needs to know of it. */
  SessionConfig session(ByteBufAllocator allocator) {
    return SessionConfig.of(idSpace, format, allocator, ConnectionConfig::wallClockMicros)
        .withChunkSize(chunkSize)
        .withLimits(limits.core());
  }

  private static long wallClockMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * MICROS_PER_SECOND + now.getNano() / NANOS_PER_MICRO;
  }
}
