package io.muxio.core.rpc;

import io.netty.buffer.ByteBuf;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for the peer's first message, which tells how to write to it. Used on the
 * connection's thread only.
 */
final class EarlyCalls {
  /** What the headers of a short call add when it is sent. */
  private static final int HEADERS = 64;

  /** A call that was made before the peer's generation was known. */
  record EarlyCall(PendingCall call, RpcHeader header, ByteBuf body, boolean streaming) {
    int bytes() {
      return HEADERS + header.metadata().readableBytes() + body.readableBytes();
    }

    void release() {
      header.metadata().release();
      body.release();
    }
  }

  private final RpcSession session;
  private Map<PendingCall, EarlyCall> calls = new LinkedHashMap<>(1);
  private long bytes;

  EarlyCalls(RpcSession session) {
    this.session = session;
  }

  int size() {
    return calls.size();
  }

  /** What they hold, with what their headers will add. */
  long bytes() {
    return bytes;
  }

  /** Takes the metadata and the body over. */
  void add(PendingCall call, RpcHeader header, ByteBuf body, boolean streaming) {
    EarlyCall next = new EarlyCall(call, header, body, streaming);
    calls.put(call, next);
    bytes += next.bytes();
  }

  /** A call was given up; tells whether it had not been sent. */
  boolean forget(PendingCall call) {
    EarlyCall unsent = calls.remove(call);
    if (unsent != null) {
      bytes -= unsent.bytes();
      unsent.release();
    }
    return unsent != null;
  }

  void send() {
    for (EarlyCall next = poll(); next != null; next = poll()) {
      if (next.streaming) {
        next.call.openedLaterWith(session.open(next.header, next.body, next.call::onRequestCredit));
      } else {
        session.send(next.header, next.body);
      }
    }
  }

  private @Nullable EarlyCall poll() {
    Iterator<EarlyCall> left = calls.values().iterator();
    if (!left.hasNext()) {
      return null;
    }
    EarlyCall next = left.next();
    left.remove();
    bytes -= next.bytes();
    return next;
  }

  /** Those that were not sent, to be released; none is added or sent any more. */
  Iterator<EarlyCall> close() {
    Iterator<EarlyCall> left = calls.values().iterator();
    bytes = 0;
    calls = new LinkedHashMap<>(0); // a call that is given up meanwhile is not taken out
    return left;
  }
}
