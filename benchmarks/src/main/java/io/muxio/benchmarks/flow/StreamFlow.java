package io.muxio.benchmarks.flow;

import io.muxio.netty.client.RpcClient;
import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures, as a program, what flow control costs and brings: streams in both directions, and unary
 * calls beside a stream that nobody reads and one at full speed, with the extension and without, in
 * turn.
 */
public final class StreamFlow {
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());
  private static final StreamMethod UP = StreamMethod.of("up");
  private static final StreamMethod DOWN = StreamMethod.of("down");
  private static final byte[] CHUNK = new byte[1 << 16];
  private static final int CHUNKS = 8_000;
  private static final int CALLS = 3_000;

  private final Map<String, List<Double>> results = new LinkedHashMap<>();

  private StreamFlow() {}

  /**
   * Measures and prints.
   *
   * @param args how many rounds; default 5
   * @throws Exception where a connection fails
   */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    new StreamFlow().measure(false); // warm up
    new StreamFlow().measure(true);
    StreamFlow flow = new StreamFlow();
    for (int round = 0; round < rounds; round++) {
      flow.measure(round % 2 == 0);
      flow.measure(round % 2 != 0);
    }
    flow.print();
  }

  private void measure(boolean extension) throws Exception {
    try (RpcServer server = serve(extension);
        RpcClient client =
            RpcClient.builder("ws://127.0.0.1:" + server.address().getPort() + "/ws")
                .extension(extension)
                .connect()) {
      String with = extension ? "with the extension" : "without";
      add("up, MB/s, " + with, up(client));
      add("down, MB/s, " + with, down(client));
      add("call on an idle connection, µs, " + with, call(client));
      StreamCall stalled = client.open(DOWN);
      StreamCall bulk = client.open(UP);
      Thread writer = new Thread(() -> writeForEver(bulk.request()));
      writer.start();
      add("call beside a stalled and a bulk stream, µs, " + with, call(client));
      stalled.cancel();
      bulk.cancel();
      writer.join();
    }
  }

  private static RpcServer serve(boolean extension) throws Exception {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .extension(extension)
        .handle(ECHO, (request, call) -> request)
        .handleStream(
            UP, (request, response, call) -> response.write(Unpooled.copyLong(readAll(request))))
        .handleStream(DOWN, (request, response, call) -> writeAll(response))
        .build()
        .start();
  }

  private static long readAll(ChunkReader reader) throws InterruptedException {
    long bytes = 0;
    for (ByteBuf chunk = reader.read(); chunk != null; chunk = reader.read()) {
      bytes += chunk.readableBytes();
      chunk.release();
    }
    return bytes;
  }

  private static void writeAll(ChunkWriter writer) throws InterruptedException {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      writer.write(chunk());
    }
  }

  private static ByteBuf chunk() {
    return ByteBufAllocator.DEFAULT.directBuffer(CHUNK.length).writeBytes(CHUNK);
  }

  private static void writeForEver(ChunkWriter writer) {
    try {
      while (true) {
        writer.write(chunk());
      }
    } catch (RpcException | InterruptedException e) {
      // cancelled, which ends it
    }
  }

  private static double up(RpcClient client) throws InterruptedException {
    long start = System.nanoTime();
    StreamCall call = client.open(UP);
    writeAll(call.request());
    call.request().end();
    readAll(call.response());
    return megabytesPerSecond(start);
  }

  private static double down(RpcClient client) throws InterruptedException {
    long start = System.nanoTime();
    StreamCall call = client.open(DOWN);
    call.request().end();
    readAll(call.response());
    return megabytesPerSecond(start);
  }

  private static double megabytesPerSecond(long startNanos) {
    return 1e3 * CHUNKS * CHUNK.length / (System.nanoTime() - startNanos);
  }

  /** The median. */
  private static double call(RpcClient client) {
    long[] nanos = new long[CALLS];
    for (int call = 0; call < CALLS; call++) {
      long start = System.nanoTime();
      client.call(ECHO, new byte[64]).join();
      nanos[call] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[CALLS / 2] / 1e3;
  }

  private void add(String what, double result) {
    results.computeIfAbsent(what, key -> new ArrayList<>()).add(result);
  }

  private void print() {
    results.forEach(
        (what, all) -> {
          double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
          System.out.printf(
              "%-65s median %6.0f, %6.0f to %6.0f%n",
              what, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
        });
  }
}
