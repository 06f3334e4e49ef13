package io.muxio.core.rpc;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;

/**
 * Calls that wait for the peer's first message, which tells how to write to it. Used on the
 * connection's thread only.
 */
final class EarlyCalls {
  /** A call that was made before the peer's generation was known. */
  record EarlyCall(PendingCall call, RpcHeader header, ByteBuf body, boolean streaming) {
    void release() {
      header.metadata().release();
      body.release();
    }
  }

  private final RpcSession session;
  private final Queue<EarlyCall> calls = new ArrayDeque<>(1);

  EarlyCalls(RpcSession session) {
    this.session = session;
  }

  int size() {
    return calls.size();
  }

  /** Takes the metadata and the body over. */
  void add(PendingCall call, RpcHeader header, ByteBuf body, boolean streaming) {
    calls.add(new EarlyCall(call, header, body, streaming));
  }

  void send() {
    for (EarlyCall next = calls.poll(); next != null; next = calls.poll()) {
      if (!next.call.isAwaitingHeader()) {
        next.release(); // given up meanwhile
      } else if (next.streaming) {
        next.call.openedLaterWith(session.open(next.header, next.body));
      } else {
        session.send(next.header, next.body);
      }
    }
  }

  /** Those that were not sent, to be released; none is added or sent any more. */
  Iterator<EarlyCall> close() {
    return calls.iterator();
  }
}
