package io.muxio.core.fuzz;

import io.muxio.core.rpc.StreamWindow;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;

/** Holds the chunks of one stream until its reader takes them. */
final class ChunksIn {
  private final StreamWindow window;
  private final Queue<ByteBuf> chunks = new ArrayDeque<>();

  ChunksIn(StreamWindow window) {
    this.window = window;
  }

  void add(ByteBuf chunk) {
    try {
      window.onArrived(StreamWindow.costOf(chunk.readableBytes()));
    } catch (RuntimeException e) {
      chunk.release();
      throw e;
    }
    chunks.add(chunk);
  }

  /** Takes some, or all that wait. */
  void take(int most) {
    long cost = 0;
    for (int left = most; left > 0 && !chunks.isEmpty(); left--) {
      ByteBuf chunk = chunks.remove();
      cost += StreamWindow.costOf(chunk.readableBytes());
      chunk.release();
    }
    window.onTaken(cost);
  }

  void close() {
    chunks.forEach(ByteBuf::release);
    chunks.clear();
    window.close();
  }
}
