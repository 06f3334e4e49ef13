package io.muxio.core.rpc;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.ProtocolException;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the peer that have not been answered, by request id, and how many there may be. Used
 * on the connection's thread only.
 */
final class InboundCalls {
  /** How long it takes until one more call may be given up. */
  private static final long NANOS_PER_ABANDON = 10_000_000;

  /** A call that its caller has waited for so long was not opened to be given up. */
  private static final long NANOS_OF_PATIENCE = 100_000_000;

  private final RpcDispatcher dispatcher;
  private final InboundRouter router;
  private final CoreLimits limits;
  private final LongSupplier nanoClock;
  private Int2ObjectOpenHashMap<InboundCall> calls = new Int2ObjectOpenHashMap<>();

  /** Calls that are over and whose handlers still run. */
  private int lingering;

  private @Nullable String refusal;

  /** How many calls were given up and are not made up for. */
  private int abandoned;

  private long forgivenNanos;

  InboundCalls(RpcDispatcher dispatcher, InboundRouter router, SessionConfig config) {
    this.dispatcher = dispatcher;
    this.router = router;
    this.limits = config.limits();
    this.nanoClock = config.nanoClock();
    this.forgivenNanos = nowNanos();
  }

  int size() {
    return calls.size();
  }

  @Nullable InboundCall get(int requestId) {
    return calls.get(requestId);
  }

  void refuse(String reason) {
    refusal = reason;
  }

  void linger(int count) {
    lingering += count;
    assert lingering >= 0 : "a call gave up more places than it had";
  }

  /** A call is over. */
  void forget(InboundCall call) {
    calls.remove(call.requestId(), call);
  }

  long nowNanos() {
    return nanoClock.getAsLong();
  }

  void onAnswered() {
    abandoned = Math.max(0, abandoned - 1);
  }

  /**
   * The peer has given up a call before anything of an answer was sent. To open calls and to give
   * them up at once costs it next to nothing, and this end a handler each. Calls that were waited
   * for do not count: thousands may reach their deadline together.
   *
   * @param beganNanos see {@link #nowNanos()}
   */
  void onAbandoned(long beganNanos) {
    if (nowNanos() - beganNanos >= NANOS_OF_PATIENCE) {
      return;
    }
    abandoned++;
    if (abandoned > limits.maxAbandonedCalls() && !forgive()) {
      throw ProtocolException.connection(
          ProtocolException.Reason.TOO_MANY_ABANDONED,
          "more than "
              + limits.maxAbandonedCalls()
              + " calls given up at once, before they were answered (maxAbandonedCalls)");
    }
  }

  /** Time makes up for calls that were given up; it is looked at when there are too many. */
  private boolean forgive() {
    long now = nowNanos();
    long forgiven = Math.max(0, now - forgivenNanos) / NANOS_PER_ABANDON;
    forgivenNanos = now;
    abandoned = (int) Math.max(0, abandoned - forgiven);
    return forgiven > 0;
  }

  /** A call has begun; gives who gets its request. */
  RpcStreamListener begin(
      RpcHeader header, CallHeaders headers, @Nullable ProtocolException wrong) {
    int requestId = header.requestId();
    if (calls.containsKey(requestId)) {
      header.metadata().release();
      throw ProtocolException.stream(
          ProtocolException.Reason.REQUEST_ID_IN_USE,
          "request id " + Integer.toUnsignedString(requestId) + " is in use by another call");
    }
    InboundCall call = new InboundCall(dispatcher, requestId, header.methodId(), headers);
    ProtocolException refused = wrong == null ? refused() : wrong;
    if (refused == null) {
      refused = call.hold();
    }
    if (refused != null) {
      header.metadata().release();
      router.onRefused(call, refused);
      return RpcStreamListener.DISCARD;
    }
    calls.put(requestId, call);
    RpcStreamListener listener;
    try {
      listener = router.onCall(call, header.metadata());
    } catch (ProtocolException e) {
      call.finish();
      throw e;
    }
    Throwable closedBy = dispatcher.closedBy();
    if (closedBy != null) {
      listener.onFailure(closedBy); // closed by the router, before it had given the listener
      return RpcStreamListener.DISCARD;
    }
    return call.listenWith(listener);
  }

  private @Nullable ProtocolException refused() {
    if (refusal != null) {
      return ProtocolException.stream(ProtocolException.Reason.CLOSING, refusal);
    }
    if (calls.size() + lingering >= limits.maxInboundCalls()) {
      return ProtocolException.stream(
          ProtocolException.Reason.TOO_MANY_CALLS,
          "more than "
              + limits.maxInboundCalls()
              + " calls at once on this connection (maxInboundCalls)");
    }
    return null;
  }

  /** Those that have not been answered, to be told; none is added any more. */
  Iterator<InboundCall> close() {
    Iterator<InboundCall> left = calls.values().iterator();
    calls = new Int2ObjectOpenHashMap<>(0);
    return left;
  }
}
