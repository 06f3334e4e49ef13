package io.muxio.rpc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.rpc.StreamWindow;
import io.muxio.test.ManualExecutor;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.List;

/** An outbound stream whose connection, peer and callbacks move when the test says so. */
final class SinkFixture implements ChunkSink.Target {
  /** A chunk that fills the queue: a writer waits behind it. */
  static final int FULL = 1 << 16;

  /** Longer than any chunk of the tests but those that are to be cut. */
  static final int CHUNK_SIZE = 5 << 20;

  final Windows windows = new Windows();
  final ManualThread thread = new ManualThread();
  final ManualExecutor callbacks = ManualExecutor.pool();
  final List<Throwable> broken = new ArrayList<>();

  /** The numbers of the chunks that were sent, and the end. */
  final List<String> sent = new ArrayList<>();

  final ChunkSink sink = new ChunkSink(this, thread, callbacks, broken::add);
  boolean open = true;

  ByteBuf chunk(int number) {
    return windows.chunk(number);
  }

  /** A chunk that is charged with so much. */
  ByteBuf costing(int cost) {
    return windows.bytes(cost - StreamWindow.CHUNK_OVERHEAD);
  }

  void settle() {
    while (thread.executor.waiting() + callbacks.waiting() > 0) {
      thread.executor.runAll();
      callbacks.runAll();
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean hasCredit(int cost) {
    return true;
  }

  @Override
  public int chunkSize() {
    return CHUNK_SIZE;
  }

  @Override
  public void send(ByteBuf chunk) {
    assertThat(thread.isCurrent()).as("on the connection's thread").isTrue();
    if (chunk.refCnt() == 0) {
      throw new IllegalReferenceCountException("dead");
    }
    sent.add(chunk.readableBytes() == Integer.BYTES ? "" + chunk.readInt() : "large");
    chunk.release();
  }

  @Override
  public void end() {
    assertThat(thread.isCurrent()).as("on the connection's thread").isTrue();
    sent.add("end");
    open = false;
  }

  void assertNothingLeft() {
    settle();
    assertThat(windows.memory()).as("memory not given back").isZero();
  }
}
