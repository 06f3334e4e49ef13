package io.muxio.benchmarks.flow;

import io.muxio.netty.client.RpcClient;
import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures, as a program, what a stream costs in memory whose writer writes as fast as it may and
 * whose reader takes a mebibyte a second: in both directions, with the extension and without, one
 * after the other, both ends in this process.
 *
 * <p>Direct memory is what the pools of Netty's default allocator have taken, free parts included;
 * heap is what is left after a collection. Both are told as what came on top of the start of the
 * program.
 */
public final class SlowReaderMemory {
  private static final StreamMethod UP = StreamMethod.of("up");
  private static final StreamMethod DOWN = StreamMethod.of("down");
  private static final byte[] CHUNK = new byte[1 << 16];
  private static final long MOST_BYTES = 10L << 30;
  private static final long BYTES_PER_SECOND = 1 << 20;
  private static final long LOOK_MILLIS = 10;
  private static final int LOOKS_PER_COLLECTION = 100;

  private final boolean extension;
  private final boolean clientWrites;
  private final long heapBefore;
  private final long directBefore;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private long mostHeap;
  private long mostDirect;
  private volatile boolean over;

  private SlowReaderMemory(
      boolean extension, boolean clientWrites, long heapBefore, long directBefore) {
    this.extension = extension;
    this.clientWrites = clientWrites;
    this.heapBefore = heapBefore;
    this.directBefore = directBefore;
  }

  /**
   * Measures and prints.
   *
   * @param args how many seconds each of the four streams lasts; default 20
   * @throws Exception where a connection fails
   */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    long heap = heap();
    long direct = direct();
    for (boolean extension : new boolean[] {true, false}) {
      for (boolean clientWrites : new boolean[] {true, false}) {
        new SlowReaderMemory(extension, clientWrites, heap, direct).run(seconds);
      }
    }
  }

  private void run(int seconds) throws Exception {
    try (RpcServer server = serve();
        RpcClient client =
            RpcClient.builder("ws://127.0.0.1:" + server.address().getPort() + "/ws")
                .extension(extension)
                .connect();
        StreamCall call = client.open(clientWrites ? UP : DOWN)) {
      Thread end =
          new Thread(clientWrites ? () -> write(call.request()) : () -> take(call.response()));
      end.start();
      look(seconds);
      print();
      over = true;
      call.cancel();
      end.join();
    }
  }

  private RpcServer serve() throws Exception {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .extension(extension)
        .handleStream(UP, (request, response, call) -> take(request))
        .handleStream(DOWN, (request, response, call) -> write(response))
        .build()
        .start();
  }

  private void write(ChunkWriter writer) {
    try {
      while (written.get() < MOST_BYTES) {
        writer.write(ByteBufAllocator.DEFAULT.directBuffer(CHUNK.length).writeBytes(CHUNK));
        written.addAndGet(CHUNK.length);
      }
    } catch (RpcException | InterruptedException e) {
      complain("writer", e);
    }
  }

  private void take(ChunkReader reader) {
    long start = System.nanoTime();
    try {
      for (ByteBuf chunk = reader.read(); chunk != null; chunk = reader.read()) {
        long bytes = taken.addAndGet(chunk.readableBytes());
        chunk.release();
        long dueNanos = TimeUnit.SECONDS.toNanos(bytes) / BYTES_PER_SECOND;
        TimeUnit.NANOSECONDS.sleep(dueNanos - (System.nanoTime() - start));
      }
    } catch (RpcException | InterruptedException e) {
      complain("reader", e);
    }
  }

  private void complain(String who, Exception end) {
    if (!over) {
      System.err.println("the " + who + " was cut off: " + end);
    }
  }

  private void look(int seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (int look = 1; System.nanoTime() < end; look++) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      mostDirect = Math.max(mostDirect, direct());
      if (look % LOOKS_PER_COLLECTION == 0) {
        mostHeap = Math.max(mostHeap, heap());
      }
    }
    mostHeap = Math.max(mostHeap, heap());
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long direct() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  private void print() {
    System.out.printf(
        "%s writes, %s the extension: written %.1f MiB, read %.1f MiB, "
            + "most heap %.1f MiB, most direct memory %.1f MiB%n",
        clientWrites ? "client" : "server",
        extension ? "with" : "without",
        mebibytes(written.get()),
        mebibytes(taken.get()),
        mebibytes(mostHeap - heapBefore),
        mebibytes(mostDirect - directBefore));
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
