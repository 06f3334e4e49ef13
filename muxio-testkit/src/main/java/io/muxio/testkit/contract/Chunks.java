package io.muxio.testkit.contract;

import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** What the tests send over streams, and how they read and write it. */
final class Chunks {
  /** The largest chunk that is not cut. */
  static final int MAX_CHUNK = 1 << 16;

  /** A blocking reader or writer each. */
  private static final Executor threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "contract-stream");
            thread.setDaemon(true);
            return thread;
          });

  private Chunks() {}

  /** Bytes that show where they belong. */
  static byte[] pattern(int seed, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (seed * 31 + i % 251);
    }
    return bytes;
  }

  static ByteBuf buffer(byte[] bytes) {
    return ByteBufAllocator.DEFAULT.buffer(bytes.length).writeBytes(bytes);
  }

  /** Chunks of sizes around those of frames. */
  static List<byte[]> chunks(int count) {
    int[] sizes = {1, 2, 1000, 16_384, 65_519, 65_520, 65_521, 65_535, 65_536, 65_537, 131_073};
    List<byte[]> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chunks.add(pattern(i, sizes[i % sizes.length]));
    }
    return chunks;
  }

  /** As they arrive: cut where they are too long. */
  static List<byte[]> cut(List<byte[]> chunks) {
    List<byte[]> parts = new ArrayList<>();
    for (byte[] chunk : chunks) {
      for (int from = 0; from < chunk.length; from += MAX_CHUNK) {
        parts.add(Arrays.copyOfRange(chunk, from, Math.min(chunk.length, from + MAX_CHUNK)));
      }
    }
    return parts;
  }

  /** Writes and ends, on a thread of its own. */
  static CompletableFuture<Void> writeLater(ChunkWriter writer, List<byte[]> chunks) {
    return run(
        () -> {
          for (byte[] chunk : chunks) {
            writer.write(buffer(chunk));
          }
          writer.end();
        });
  }

  /** Reads to the end, on a thread of its own. */
  static CompletableFuture<List<byte[]>> readLater(ChunkReader reader) {
    return later(() -> readAll(reader));
  }

  static List<byte[]> readAll(ChunkReader reader) throws InterruptedException {
    List<byte[]> chunks = new ArrayList<>();
    for (ByteBuf chunk = reader.read(); chunk != null; chunk = reader.read()) {
      chunks.add(ByteBufUtil.getBytes(chunk));
      chunk.release();
    }
    return chunks;
  }

  /** Sends back what comes. */
  static void echo(ChunkReader from, ChunkWriter to) throws InterruptedException {
    for (ByteBuf chunk = from.read(); chunk != null; chunk = from.read()) {
      to.write(chunk);
    }
  }

  /** What may block and throw. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  /** What may block and throw, for a value. */
  @FunctionalInterface
  interface Task<T> {
    T run() throws Exception;
  }

  /** On a thread of its own. */
  static CompletableFuture<Void> run(Action action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    start(
        done,
        () -> {
          action.run();
          done.complete(null);
        });
    return done;
  }

  /** On a thread of its own. */
  static <T> CompletableFuture<T> later(Task<T> task) {
    CompletableFuture<T> done = new CompletableFuture<>();
    start(done, () -> done.complete(task.run()));
    return done;
  }

  private static void start(CompletableFuture<?> done, Action action) {
    threads.execute(
        () -> {
          try {
            action.run();
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        });
  }
}
