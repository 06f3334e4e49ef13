package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;

/** A well-behaved client that makes one call after the other and takes the time of each. */
final class Neighbour implements AutoCloseable {
  private static final int CALLS = 100;

  private final RawPeer peer;
  private int calls;

  Neighbour(RpcServer server) throws IOException {
    peer = RawPeer.upgrade(server);
  }

  /** Calls, and finds its own answer. */
  void call() throws IOException {
    int id = calls++;
    peer.sendBinary(Frames.call(id, id, "echo", "call " + id));
    byte[] answer = peer.next();
    assertThat(Frames.requestIdOf(answer)).isEqualTo(id);
    assertThat(Frames.bodyOf(answer)).isEqualTo("call " + id);
  }

  /** The time of the slowest call but one hundredth, of some hundred. */
  long p99Nanos() throws IOException {
    long[] nanos = new long[CALLS];
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      call();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[CALLS * 99 / 100 - 1];
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
