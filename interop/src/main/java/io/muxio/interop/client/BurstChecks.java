package io.muxio.interop.client;

import io.muxio.rpc.service.RpcStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Of suite {@code stream}: many chunks from the server, each of which has to come in its turn. */
final class BurstChecks {
  private static final String BURST = "stream.burst";

  private BurstChecks() {}

  static List<Check> all() {
    return List.of(
        new Check("burst-0", server -> burst(server, 0, 64)),
        new Check("burst-10000x64", server -> burst(server, 10_000, 64)),
        new Check("burst-1000x60000", BurstChecks::burstOfBody),
        new Check("burst-malformed", BurstChecks::malformed));
  }

  /** The argument comes with the call. */
  private static void burst(TestedServer server, int count, int size) throws Exception {
    try (ChunkCall call = server.open(BURST, argument(count, size))) {
      call.end();
      numbered(call, count, size);
    }
  }

  /** The argument is the body. */
  private static void burstOfBody(TestedServer server) throws Exception {
    try (ChunkCall call = server.open(BURST)) {
      call.send(argument(1_000, 60_000));
      call.end();
      numbered(call, 1_000, 60_000);
    }
  }

  private static void numbered(ChunkCall call, int count, int size) throws Exception {
    for (int number = 0; number < count; number++) {
      ByteBuffer chunk = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).putInt(number);
      call.nextIs(chunk.array());
    }
    call.ends();
  }

  private static void malformed(TestedServer server) throws Exception {
    for (int length : new int[] {3, 9}) {
      try (ChunkCall call = server.open(BURST, new byte[length])) {
        call.end();
        Expect.equal(length + " bytes: status", call.failure().status(), RpcStatus.FAIL);
      }
    }
  }

  private static byte[] argument(int count, int size) {
    return ByteBuffer.allocate(2 * Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(count)
        .putInt(size)
        .array();
  }
}
