package io.muxio.interop.client;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.StreamCall;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A streaming call whose chunks are arrays. */
final class ChunkCall implements AutoCloseable {
  private final String method;
  private final StreamCall call;
  private int received;

  ChunkCall(String method, StreamCall call) {
    this.method = method;
    this.call = call;
  }

  /** Sends a chunk; waits while too much is on its way, and so does not suit many unread ones. */
  void send(byte[] chunk) throws InterruptedException {
    call.request().write(Unpooled.wrappedBuffer(chunk));
  }

  void sendAll(List<byte[]> chunks) throws InterruptedException {
    for (byte[] chunk : chunks) {
      send(chunk);
    }
  }

  void end() {
    call.request().end();
  }

  byte @Nullable [] next() throws InterruptedException {
    ByteBuf chunk = call.response().read();
    if (chunk == null) {
      return null;
    }
    received++;
    try {
      return ByteBufUtil.getBytes(chunk);
    } finally {
      chunk.release();
    }
  }

  void nextIs(byte[] expected) throws CheckFailure, InterruptedException {
    byte[] chunk = next();
    if (chunk == null) {
      throw new CheckFailure(
          method + ": ended after " + received + " chunks (expected: another one)");
    }
    Expect.bytes(method + ", chunk " + (received - 1), chunk, expected);
  }

  void allAre(List<byte[]> expected) throws CheckFailure, InterruptedException {
    for (byte[] chunk : expected) {
      nextIs(chunk);
    }
  }

  void ends() throws CheckFailure, InterruptedException {
    byte[] chunk = next();
    if (chunk != null) {
      throw new CheckFailure(
          method + ": a chunk of " + chunk.length + " bytes (expected: the end of the answer)");
    }
  }

  /** All of the answer that was not read, once it has ended. */
  byte[] rest() throws InterruptedException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    for (byte[] chunk = next(); chunk != null; chunk = next()) {
      rest.writeBytes(chunk);
    }
    return rest.toByteArray();
  }

  RpcException failure() throws CheckFailure, InterruptedException {
    try {
      byte[] chunk = next();
      String actual = chunk == null ? "the end" : "a chunk of " + chunk.length + " bytes";
      throw new CheckFailure(method + ": " + actual + " (expected: a failure)");
    } catch (RpcException e) {
      return e;
    }
  }

  /** Gives the call up, where it is not over. */
  @Override
  public void close() {
    call.cancel();
  }
}
