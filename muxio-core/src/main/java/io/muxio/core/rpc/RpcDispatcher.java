package io.muxio.core.rpc;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.MessageSink;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.Turn;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntLinkedOpenHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's calls by request id: those of the peer go to the router, answers to the call
 * that waits for them. Used on the connection's thread only.
 */
public final class RpcDispatcher {
  private static final Logger logger = LoggerFactory.getLogger(RpcDispatcher.class);

  /** To tell a call of the end wakes other threads, which takes longer than a frame. */
  private static final int STEPS_OF_A_CALL = 4;

  /** For a call that waits for its answer as long as it takes. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private final RpcSession session;
  private final InboundRouter router;
  private final CoreLimits limits;
  private final IdSpace ownIds;
  private final IdSpace.Counter requestIds;
  private final InboundCalls inbound;
  private Int2ObjectOpenHashMap<PendingCall> pending = new Int2ObjectOpenHashMap<>();

  /** Calls that were given up and whose answer may still come, the oldest first. */
  private final IntLinkedOpenHashSet abandoned = new IntLinkedOpenHashSet();

  private final EarlyCalls early;

  private @Nullable Throwable closedBy;

  /** Who wants to know that the peer takes no more calls. */
  private Consumer<String> onGoAway = reason -> {};

  /** What the peer has said then. */
  private @Nullable String goneAway;

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
    this.early = new EarlyCalls(session);
    this.router = router;
    this.limits = config.limits();
    this.ownIds = config.idSpace();
    this.requestIds = ownIds.counter(config.firstId());
    this.inbound = new InboundCalls(this, router, config);
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
   * @throws ProtocolException see {@link #call(long, ByteBuf, ResponseListener)}
   * @throws io.netty.util.IllegalReferenceCountException where the parameters were released already
   * @throws IllegalStateException where the connection is closed, or the peer takes no more calls
   */
  public PendingCall call(
      long methodId, ByteBuf parameters, CallHeaders headers, ResponseListener listener) {
    boolean small = parameters.readableBytes() <= RpcHeaderCodec.MAX_METADATA;
    ByteBuf metadata = small ? parameters : Unpooled.EMPTY_BUFFER;
    ByteBuf body = small ? Unpooled.EMPTY_BUFFER : parameters;
    PendingCall call = prepare(listener, headers, metadata, body);
    RpcHeader header = new RpcHeader(RpcMessageType.CALL, call.requestId(), methodId, metadata);
    if (session.canWrite()) {
      sendHeaders(call.requestId(), headers);
      session.send(header, body);
    } else {
      early.add(call, header, body, false);
    }
    return call;
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
   * @throws ProtocolException see {@link #openCall(long, ByteBuf, ResponseListener)}
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
    PendingCall call = prepare(listener, headers, parameters, Unpooled.EMPTY_BUFFER);
    RpcHeader header = new RpcHeader(RpcMessageType.CALL, call.requestId(), methodId, parameters);
    if (session.canWrite()) {
      sendHeaders(call.requestId(), headers);
      call.openedWith(session.open(header, Unpooled.EMPTY_BUFFER, call::onRequestCredit));
    } else {
      early.add(call, header, Unpooled.EMPTY_BUFFER, true);
    }
    return call;
  }

  /** Registers a call; the buffers are released where it throws. */
  private PendingCall prepare(
      ResponseListener listener, CallHeaders headers, ByteBuf metadata, ByteBuf body) {
    RpcSession.checkAlive(metadata);
    RpcSession.checkAlive(body);
    try {
      checkCanCall();
      checkMetadata(headers);
    } catch (RuntimeException e) {
      metadata.release();
      body.release();
      throw e;
    }
    int requestId = requestIds.next(id -> pending.containsKey(id) || abandoned.contains(id));
    PendingCall call = new PendingCall(this, requestId, listener);
    pending.put(requestId, call);
    return call;
  }

  void sendHeaders(int requestId, CallHeaders headers) {
    if (!headers.isEmpty() && session.isExtended()) {
      session.extension().sendHeaders(requestId, headers);
    }
  }

  private void checkMetadata(CallHeaders headers) {
    int size = headers.metadata().length;
    if (size > maxMetadataSize()) {
      throw ProtocolException.stream(
          ProtocolException.Reason.METADATA_TOO_LARGE,
          "metadata of "
              + size
              + " bytes (expected: at most "
              + maxMetadataSize()
              + ", the maxMetadataSize of the peer)");
    }
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

  private void checkCanCall() {
    if (closedBy != null) {
      throw new IllegalStateException("the connection is closed", closedBy);
    }
    if (goneAway != null) {
      throw new IllegalStateException("the peer takes no more calls: " + goneAway);
    }
    if (Math.max(pending.size(), early.size()) >= limits.maxPendingCalls()) {
      throw ProtocolException.stream(
          ProtocolException.Reason.TOO_MANY_CALLS,
          pending.size()
              + " calls wait for an answer, limit "
              + limits.maxPendingCalls()
              + " (maxPendingCalls)");
    }
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
    return pending.size();
  }

  /**
   * What the calls hold that wait for the peer's first message, which tells how to write to it.
   *
   * @return bytes, with what their headers will add; 0 once the peer's generation is known
   */
  public long unsentBytes() {
    return early.bytes();
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
    onGoAway = listener;
    if (goneAway != null) {
      listener.accept(goneAway);
    }
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
              .then(early.close(), EarlyCalls.EarlyCall::release, 1)
              .then(inbound.close(), call -> call.fail(cause), STEPS_OF_A_CALL)
              .then(pending.values().iterator(), call -> call.fail(cause), STEPS_OF_A_CALL)
              .then(session.close(), RpcStreamDecoder::close, 1)
              .then(List.of(router).iterator(), InboundRouter::onClosed, 1);
      pending = new Int2ObjectOpenHashMap<>(0);
      abandoned.clear();
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

  /** What tells the peer how much of a call's stream was taken; null where it would not listen. */
  @Nullable StreamCredit newCredit(int requestId) {
    return session.isExtended() ? new StreamCredit(session, requestId) : null;
  }

  void forget(PendingCall call) {
    pending.remove(call.requestId(), call);
  }

  /** Gives a call up; tells whether nothing of it was sent. */
  boolean abandon(PendingCall call, boolean answerMayCome) {
    forget(call);
    if (early.forget(call)) {
      return true;
    }
    if (answerMayCome && closedBy == null) {
      if (abandoned.size() >= limits.maxPendingCalls()) {
        abandoned.removeFirstInt();
      }
      abandoned.add(call.requestId());
    }
    return false;
  }

  /** Tells the peer, where it would listen, that a call whose request has ended was given up. */
  void tellAbandoned(PendingCall call) {
    if (session.isExtended() && closedBy == null) {
      session.extension().sendAbandon(call.requestId());
    }
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
          return onResponse(header, headersOf(header));
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
      early.send();
    }

    @Override
    public void onStreamFailure(int streamId, ProtocolException cause) {
      router.onStreamFailure(streamId, cause);
    }

    @Override
    public void onCredit(int requestId, long cost) {
      if (ownIds.contains(requestId)) {
        PendingCall call = pending.get(requestId);
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
      if (goneAway == null) {
        goneAway = reason;
        onGoAway.accept(reason);
      }
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

    private RpcStreamListener onResponse(RpcHeader header, CallHeaders headers) {
      int requestId = header.requestId();
      PendingCall call = pending.get(requestId);
      if (call != null && call.takes(header)) {
        return call.begin(header, headers, tooMuch(headers));
      }
      header.metadata().release();
      if (abandoned.remove(requestId)) {
        logger.debug(
            "late answer to request {} dropped: the call was given up",
            Integer.toUnsignedString(requestId));
        return RpcStreamListener.DISCARD;
      }
      throw ProtocolException.stream(
          ProtocolException.Reason.UNEXPECTED_RESPONSE,
          "answer to request " + Integer.toUnsignedString(requestId) + ", which waits for none");
    }
  }
}
