package io.muxio.core.rpc;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.MessageSink;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.Turn;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection's calls by request id: those of the peer go to the router, answers to the call
 * that waits for them. Used on the connection's thread only.
 */
public final class RpcDispatcher {
  /** To tell a call of the end wakes other threads, which takes longer than a frame. */
  private static final int STEPS_OF_A_CALL = 4;

  /** For a call that waits for its answer as long as it takes. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private final RpcSession session;
  private final InboundRouter router;
  private final CoreLimits limits;
  private final IdSpace ownIds;
  private final InboundCalls inbound;
  private final OutboundCalls outbound;

  private @Nullable Throwable closedBy;

  /** From the end of the connection on. */
  private @Nullable Teardown teardown;

  /**
   * Makes the calls of a new connection.
   *
   * @param config what the connection needs to know
   * @param sink gets the messages to send
   * @param router gets the peer's calls
   */
  public RpcDispatcher(SessionConfig config, MessageSink sink, InboundRouter router) {
    this.session = new RpcSession(config, sink, new Streams());
    this.router = router;
    this.limits = config.limits();
    this.ownIds = config.idSpace();
    this.inbound = new InboundCalls(this, router, config);
    this.outbound = new OutboundCalls(this, config);
  }

  /**
   * The connection's streams: where received bytes go in and written ones are flushed.
   *
   * @return the session
   */
  public RpcSession session() {
    return session;
  }

  /**
   * Calls a unary method of the peer. The request leaves with {@link RpcSession#flush()}; where the
   * peer has sent nothing yet, so that its generation is not known, with its first message.
   *
   * @param methodId XXH3-64 of the method's name
   * @param parameters the request; taken over by this method, also where it throws
   * @param listener gets the answer, or why there is none; never called before this method returns
   * @return the call
   * @throws ProtocolException (stream scope, {@link ProtocolException.Reason#TOO_MANY_CALLS}) where
   *     too many calls wait for their answers
   * @throws io.netty.util.IllegalReferenceCountException where the parameters were released already
   * @throws IllegalStateException where the connection is closed, or the peer takes no more calls
   */
  public PendingCall call(long methodId, ByteBuf parameters, ResponseListener listener) {
    return call(methodId, parameters, CallHeaders.EMPTY, listener);
  }

  /**
   * Calls a unary method of the peer, and tells more of the call to a peer that speaks the
   * extension.
   *
   * @param methodId XXH3-64 of the method's name
   * @param parameters the request; taken over by this method, also where it throws
   * @param headers what it is told; goes nowhere with any other peer
   * @param listener gets the answer, or why there is none; never called before this method returns
   * @return the call
   * @throws ProtocolException see {@link #call(long, ByteBuf, ResponseListener)}; or ({@link
   *     ProtocolException.Reason#METADATA_TOO_LARGE}) where the peer takes less than its metadata
   * @throws io.netty.util.IllegalReferenceCountException where the parameters were released already
   * @throws IllegalStateException where the connection is closed, or the peer takes no more calls
   */
  public PendingCall call(
      long methodId, ByteBuf parameters, CallHeaders headers, ResponseListener listener) {
    return outbound.call(methodId, parameters, headers, listener);
  }

  /**
   * Opens a streaming call of the peer, whose request is sent with {@link PendingCall#send} and
   * {@link PendingCall#end}.
   *
   * @param methodId XXH3-64 of the method's name
   * @param parameters goes with the header, 65,535 bytes at most; taken over by this method, also
   *     where it throws
   * @param listener gets the answer, or why there is none; never called before this method returns
   * @return the call
   * @throws ProtocolException (stream scope, {@link ProtocolException.Reason#TOO_MANY_CALLS}) where
   *     too many calls wait for their answers
   * @throws io.netty.util.IllegalReferenceCountException where the parameters were released already
   * @throws IllegalArgumentException where the parameters are too long
   * @throws IllegalStateException where the connection is closed, or the peer takes no more calls
   */
  public PendingCall openCall(long methodId, ByteBuf parameters, ResponseListener listener) {
    return openCall(methodId, parameters, CallHeaders.EMPTY, listener);
  }

  /**
   * Opens a streaming call, and tells more of it to a peer that speaks the extension.
   *
   * @param methodId XXH3-64 of the method's name
   * @param parameters see {@link #openCall(long, ByteBuf, ResponseListener)}
   * @param headers what it is told, the time until the end of the answer; goes nowhere with any
   *     other peer
   * @param listener gets the answer, or why there is none; never called before this method returns
   * @return the call
   * @throws ProtocolException see {@link #openCall(long, ByteBuf, ResponseListener)}; or ({@link
   *     ProtocolException.Reason#METADATA_TOO_LARGE}) where the peer takes less than its metadata
   * @throws io.netty.util.IllegalReferenceCountException where the parameters were released already
   * @throws IllegalArgumentException where the parameters are too long
   * @throws IllegalStateException where the connection is closed, or the peer takes no more calls
   */
  public PendingCall openCall(
      long methodId, ByteBuf parameters, CallHeaders headers, ResponseListener listener) {
    int length = parameters.readableBytes();
    if (length > RpcHeaderCodec.MAX_METADATA) {
      parameters.release();
      throw new IllegalArgumentException(
          "parameters: "
              + length
              + " bytes (expected: at most "
              + RpcHeaderCodec.MAX_METADATA
              + ")");
    }
    return outbound.open(methodId, parameters, headers, listener);
  }

  /**
   * What metadata the peer takes with one call or one answer; on any thread.
   *
   * @return bytes, 0 to {@link CoreLimits#MAX_METADATA_SIZE}; the latter where the peer does not
   *     speak the extension, and gets none
   */
  public int maxMetadataSize() {
    return session.isExtended()
        ? session.extension().maxMetadataSize()
        : CoreLimits.MAX_METADATA_SIZE;
  }

  /**
   * How many calls of the peer have not been answered.
   *
   * @return 0 to {@link CoreLimits#maxInboundCalls()}
   */
  public int inboundCalls() {
    return inbound.size();
  }

  /**
   * How many calls to the peer wait for their answer.
   *
   * @return 0 to {@link CoreLimits#maxPendingCalls()}
   */
  public int pendingCalls() {
    return outbound.size();
  }

  /**
   * What the calls hold that wait for the peer's first message, which tells how to write to it.
   *
   * @return bytes, with what their headers will add; 0 once the peer's generation is known
   */
  public long unsentBytes() {
    return outbound.unsentBytes();
  }

  /**
   * A buffer for an answer, within the connection's limits.
   *
   * @return a new buffer, which whoever waits for the answer closes
   */
  public PayloadBuffer newResponseBuffer() {
    return newResponseBuffer(Integer.MAX_VALUE);
  }

  /**
   * A buffer for the answer of a call that takes less than the connection's limits allow.
   *
   * @param maxSize bytes that the call takes at most, 0 or more
   * @return a new buffer, which whoever waits for the answer closes
   */
  public PayloadBuffer newResponseBuffer(int maxSize) {
    return PayloadBuffer.ofResponse(session, limits, maxSize);
  }

  /**
   * The longest chunk of a stream that is sent as one frame; a longer one is cut. On any thread.
   *
   * @return bytes, 1 to {@link SessionConfig#DEFAULT_CHUNK_SIZE}, so that one always fits into the
   *     reserve that each stream has
   */
  public int chunkSize() {
    return Math.min(session.config().chunkSize(), SessionConfig.DEFAULT_CHUNK_SIZE);
  }

  /**
   * A window for an answer that is read chunk by chunk.
   *
   * @return a new window, which whoever reads the answer closes when nothing of it is left
   */
  public StreamWindow newStreamWindow() {
    return session.newWindow();
  }

  /**
   * Refuses the peer's calls from now on; those that it has made go on.
   *
   * @param reason what the peer is told
   */
  public void refuseCalls(String reason) {
    inbound.refuse(reason);
  }

  /**
   * Asks to be told when the peer says that it takes no more calls, as a server does that closes.
   * From then on none can be made; those that wait for their answers go on.
   *
   * @param listener gets the peer's text, once, on the connection's thread: at once where the peer
   *     has said so already; replaces the one before
   */
  public void onGoAway(Consumer<String> listener) {
    outbound.onGoAway(listener);
  }

  /**
   * Ends all calls of both directions and releases every buffer. Each call's listener is told once;
   * one that throws does not keep the others from being told.
   *
   * @param cause why the connection has ended
   */
  public void close(Throwable cause) {
    close(cause, Turn.endless());
  }

  /**
   * The same, until the turn is over. From the first call on nothing is taken from the peer and
   * nothing sent to it, and no call can be made or answered.
   *
   * @param cause why the connection has ended; the first one counts
   * @param turn counts what is done
   * @return false where calls are left that have not been told or buffers that were not released,
   *     so that this method has to be called again
   */
  public boolean close(Throwable cause, Turn turn) {
    if (teardown == null) {
      closedBy = cause;
      teardown =
          new Teardown()
              .then(outbound.closeEarly(), EarlyCalls.EarlyCall::release, 1)
              .then(inbound.close(), call -> call.fail(cause), STEPS_OF_A_CALL)
              .then(outbound.close(), call -> call.fail(cause), STEPS_OF_A_CALL)
              .then(session.close(), RpcStreamDecoder::close, 1)
              .then(List.of(router).iterator(), InboundRouter::onClosed, 1);
    }
    return teardown.goOn(turn);
  }

  /**
   * Why the connection has ended.
   *
   * @return what {@link #close} was called with; null where it was not
   */
  public @Nullable Throwable closedBy() {
    return closedBy;
  }

  boolean isClosed() {
    return closedBy != null;
  }

  PayloadBuffer newRequestBuffer() {
    return PayloadBuffer.ofRequest(session, limits);
  }

  void send(InboundCall call, long methodId, ResponseStatus status, ByteBuf body) {
    ByteBuf metadata = StatusBytes.of(status);
    session.send(
        new RpcHeader(RpcMessageType.RESPONSE, call.requestId(), methodId, metadata), body);
  }

  /** Begins a streaming answer; published callers get its method id as 0 and go by the request. */
  RpcStreamWriter openAnswer(InboundCall call, ByteBuf firstChunk) {
    ByteBuf metadata = StatusBytes.of(ResponseStatus.SUCCESS);
    return session.open(
        new RpcHeader(RpcMessageType.RESPONSE, call.requestId(), 0, metadata),
        firstChunk,
        call::onAnswerCredit);
  }

  InboundCalls inbound() {
    return inbound;
  }

  OutboundCalls outbound() {
    return outbound;
  }

  void sendHeaders(int requestId, CallHeaders headers) {
    if (!headers.isEmpty() && session.isExtended()) {
      session.extension().sendHeaders(requestId, headers);
    }
  }

  /** What tells the peer how much of a call's stream was taken; null where it would not listen. */
  @Nullable StreamCredit newCredit(int requestId) {
    return session.isExtended() ? new StreamCredit(session, requestId) : null;
  }

  /** What the session's streams are: calls of the peer, or answers to ours. */
  private final class Streams implements RpcStreamAcceptor {
    @Override
    public RpcStreamListener onStream(RpcHeader header) {
      switch (header.type()) {
        case CALL -> {
          CallHeaders headers = headersOf(header);
          return inbound.begin(header, headers, tooMuch(headers));
        }
        case RESPONSE -> {
          CallHeaders headers = headersOf(header);
          return outbound.begin(header, headers, tooMuch(headers));
        }
        case EVENT -> {
          header.metadata().release();
          throw ProtocolException.stream(
              ProtocolException.Reason.UNKNOWN_MESSAGE_TYPE,
              "RPC message type: 2, Event (expected: 0 or 1)");
        }
      }
      throw new AssertionError(header.type());
    }

    @Override
    public void onWritable() {
      outbound.sendEarly();
    }

    @Override
    public void onStreamFailure(int streamId, ProtocolException cause) {
      router.onStreamFailure(streamId, cause);
    }

    @Override
    public void onCredit(int requestId, long cost) {
      if (ownIds.contains(requestId)) {
        PendingCall call = outbound.get(requestId);
        if (call != null) {
          call.onCredit(cost);
        }
      } else {
        InboundCall call = inbound.get(requestId);
        if (call != null) {
          call.onCredit(cost);
        }
      }
    }

    @Override
    public void onAbandon(int requestId) {
      InboundCall call = inbound.get(requestId);
      if (call != null) {
        call.abandoned();
      }
    }

    @Override
    public void onGoAway(String reason) {
      outbound.goneAway(reason);
    }

    private CallHeaders headersOf(RpcHeader header) {
      return session.isExtended()
          ? session.extension().takeHeaders(header.requestId())
          : CallHeaders.EMPTY;
    }

    /** What is wrong with the metadata that a call or an answer begins with; null where nothing. */
    private @Nullable ProtocolException tooMuch(CallHeaders headers) {
      int size = headers.metadata().length;
      return size <= limits.maxMetadataSize()
          ? null
          : ProtocolException.stream(
              ProtocolException.Reason.METADATA_TOO_LARGE,
              "metadata of "
                  + size
                  + " bytes, limit "
                  + limits.maxMetadataSize()
                  + " (maxMetadataSize)");
    }
  }
}
