package io.muxio.core.fuzz;

import io.muxio.core.rpc.StreamWindow;
import io.netty.buffer.ByteBuf;

/** Writes one stream of chunks as a writer does that waits where the peer does not let it send. */
final class ChunksOut {
  /** The call whose request or answer is written. */
  interface Target {
    boolean isOpen();

    boolean hasCredit(int cost);

    void send(ByteBuf chunk);
  }

  private final DispatcherCase test;
  private final Target target;

  /** The size of the chunk that waits; 0 where none does. */
  private int awaited;

  private int sent;

  ChunksOut(DispatcherCase test, Target target) {
    this.test = test;
    this.target = target;
  }

  /** Writes a chunk, or tries again to write the one that waits. */
  void next() {
    if (awaited == 0) {
      awaited = 1 + test.in().next(test.dispatcher().chunkSize());
    }
    proceed();
  }

  /** The peer lets more be sent than before, or may. */
  void proceed() {
    if (isStuck() && target.hasCredit(StreamWindow.costOf(awaited))) {
      int size = awaited;
      awaited = 0;
      sent += size;
      target.send(test.buffer(size));
    }
  }

  /** Whether a chunk waits for the peer. */
  boolean isStuck() {
    return awaited > 0 && target.isOpen();
  }

  /** The bytes of all chunks that were sent. */
  int sent() {
    return sent;
  }
}
