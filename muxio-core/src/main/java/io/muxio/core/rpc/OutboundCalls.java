package io.muxio.core.rpc;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntLinkedOpenHashSet;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls to the peer that wait for their answer, by request id, and whether there may be more.
 * Used on the connection's thread only.
 */
final class OutboundCalls {
  private static final Logger logger = LoggerFactory.getLogger(RpcDispatcher.class);

  private final RpcDispatcher dispatcher;
  private final RpcSession session;
  private final CoreLimits limits;
  private final IdSpace.Counter requestIds;
  private final EarlyCalls early;
  private Int2ObjectOpenHashMap<PendingCall> pending = new Int2ObjectOpenHashMap<>();

  /** Calls that were given up and whose answer may still come, the oldest first. */
  private final IntLinkedOpenHashSet abandoned = new IntLinkedOpenHashSet();

  /** Who wants to know that the peer takes no more calls. */
  private Consumer<String> onGoAway = reason -> {};

  /** What the peer has said then. */
  private @Nullable String goneAway;

  OutboundCalls(RpcDispatcher dispatcher, SessionConfig config) {
    this.dispatcher = dispatcher;
    this.session = dispatcher.session();
    this.limits = config.limits();
    this.requestIds = config.idSpace().counter(config.firstId());
    this.early = new EarlyCalls(session);
  }

  /** See {@link RpcDispatcher#call(long, ByteBuf, CallHeaders, ResponseListener)}. */
  PendingCall call(
      long methodId, ByteBuf parameters, CallHeaders headers, ResponseListener listener) {
    boolean small = parameters.readableBytes() <= RpcHeaderCodec.MAX_METADATA;
    ByteBuf metadata = small ? parameters : Unpooled.EMPTY_BUFFER;
    ByteBuf body = small ? Unpooled.EMPTY_BUFFER : parameters;
    PendingCall call = prepare(listener, headers, metadata, body);
    RpcHeader header = new RpcHeader(RpcMessageType.CALL, call.requestId(), methodId, metadata);
    if (session.canWrite()) {
      dispatcher.sendHeaders(call.requestId(), headers);
      session.send(header, body);
    } else {
      early.add(call, header, body, false);
    }
    return call;
  }

  /** See {@link RpcDispatcher#openCall(long, ByteBuf, CallHeaders, ResponseListener)}. */
  PendingCall open(
      long methodId, ByteBuf parameters, CallHeaders headers, ResponseListener listener) {
    PendingCall call = prepare(listener, headers, parameters, Unpooled.EMPTY_BUFFER);
    RpcHeader header = new RpcHeader(RpcMessageType.CALL, call.requestId(), methodId, parameters);
    if (session.canWrite()) {
      dispatcher.sendHeaders(call.requestId(), headers);
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
    PendingCall call = new PendingCall(dispatcher, requestId, listener);
    pending.put(requestId, call);
    return call;
  }

  private void checkCanCall() {
    if (dispatcher.isClosed()) {
      throw new IllegalStateException("the connection is closed", dispatcher.closedBy());
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

  private void checkMetadata(CallHeaders headers) {
    int size = headers.metadata().length;
    int most = dispatcher.maxMetadataSize();
    if (size > most) {
      throw ProtocolException.stream(
          ProtocolException.Reason.METADATA_TOO_LARGE,
          "metadata of "
              + size
              + " bytes (expected: at most "
              + most
              + (session.extension().isSettled()
                  ? ", the maxMetadataSize of the peer)"
                  : ", until the peer has said what it takes)"));
    }
  }

  int size() {
    return pending.size();
  }

  @Nullable PendingCall get(int requestId) {
    return pending.get(requestId);
  }

  /** What the calls hold that wait for the peer's first message. */
  long unsentBytes() {
    return early.bytes();
  }

  /** The peer's first message has come. */
  void sendEarly() {
    early.send();
  }

  void onGoAway(Consumer<String> listener) {
    onGoAway = listener;
    if (goneAway != null) {
      listener.accept(goneAway);
    }
  }

  /** The peer takes no more calls. */
  void goneAway(String reason) {
    if (goneAway == null) {
      goneAway = reason;
      onGoAway.accept(reason);
    }
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
    if (answerMayCome && !dispatcher.isClosed()) {
      if (abandoned.size() >= limits.maxPendingCalls()) {
        abandoned.removeFirstInt();
      }
      abandoned.add(call.requestId());
    }
    return false;
  }

  /** Tells the peer, where it would listen, that a call whose request has ended was given up. */
  void tellAbandoned(PendingCall call) {
    if (session.isExtended() && !dispatcher.isClosed()) {
      session.extension().sendAbandon(call.requestId());
    }
  }

  /** An answer has begun; gives who gets it. */
  RpcStreamListener begin(
      RpcHeader header, CallHeaders headers, @Nullable ProtocolException wrong) {
    int requestId = header.requestId();
    PendingCall call = pending.get(requestId);
    if (call != null && call.takes(header)) {
      return call.begin(header, headers, wrong);
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

  /** Those that were not sent, to be released; none is added or sent any more. */
  Iterator<EarlyCalls.EarlyCall> closeEarly() {
    return early.close();
  }

  /** Those that wait for their answers, to be told; none is added any more. */
  Iterator<PendingCall> close() {
    Iterator<PendingCall> left = pending.values().iterator();
    pending = new Int2ObjectOpenHashMap<>(0);
    abandoned.clear();
    return left;
  }
}
