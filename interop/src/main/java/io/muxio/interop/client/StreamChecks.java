package io.muxio.interop.client;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.IntStream;

/** Suite {@code stream}: methods whose request, answer or both are streams of chunks. */
final class StreamChecks {
  private static final String ECHO = "stream.echo";

  private StreamChecks() {}

  static List<Check> all() {
    return List.of(
        new Check("stream-200", StreamChecks::echo),
        new Check("stream-ping-pong", server -> pingPong(server, Noise.chunks(200))),
        new Check("stream-longest", StreamChecks::longest),
        new Check("stream-empty", StreamChecks::empty),
        new Check("stream-50x100", StreamChecks::many),
        new Check("stream-upload", StreamChecks::upload),
        new Check("stream-download", StreamChecks::download),
        new Check("stream-cancel", server -> cancelled(server, 1)),
        new Check(
            "stream-cancel-50", server -> Together.run(50, number -> cancelled(server, number))),
        new Check("stream-cancel-upload", StreamChecks::cancelUpload),
        new Check("stream-unknown", StreamChecks::unknown),
        new Check("stream-fail", StreamChecks::failsHalfWay));
  }

  /** Each chunk comes back as it was; writer and reader do not wait for each other. */
  private static void echo(TestedServer server) throws Exception {
    List<byte[]> chunks = Noise.chunks(200);
    try (ChunkCall call = server.open(ECHO)) {
      Together.run(
          2,
          side -> {
            if (side == 0) {
              call.sendAll(chunks);
              call.end();
            } else {
              call.allAre(chunks);
              call.ends();
            }
          });
    }
  }

  private static void pingPong(TestedServer server, List<byte[]> chunks) throws Exception {
    try (ChunkCall call = server.open(ECHO)) {
      for (byte[] chunk : chunks) {
        call.send(chunk);
        call.nextIs(chunk);
      }
      call.end();
      call.ends();
    }
  }

  /** A server may cut the first chunk of its answer, so only the bytes are compared. */
  private static void longest(TestedServer server) throws Exception {
    List<byte[]> chunks =
        IntStream.range(0, 3).mapToObj(seed -> Noise.bytes(seed, Noise.LONGEST_CHUNK)).toList();
    try (ChunkCall call = server.open(ECHO)) {
      call.sendAll(chunks);
      call.end();
      Expect.bytes(ECHO, call.rest(), joined(chunks));
    }
  }

  private static void empty(TestedServer server) throws Exception {
    try (ChunkCall call = server.open(ECHO)) {
      call.end();
      call.ends();
    }
  }

  /** Fifty streams at once and as many unary calls among them. */
  private static void many(TestedServer server) throws Exception {
    Together.run(
        100,
        number -> {
          if (number % 2 == 0) {
            pingPong(
                server,
                IntStream.range(0, 100)
                    .mapToObj(chunk -> Noise.bytes(number, 1 + (number + chunk * 37) % 3_000))
                    .toList());
          } else {
            server.echoes("echo", Noise.bytes(number, number * 1_700));
          }
        });
  }

  /** A unary method does not mind in how many chunks its argument comes. */
  private static void upload(TestedServer server) throws Exception {
    List<byte[]> chunks =
        IntStream.range(0, 300).mapToObj(seed -> Noise.bytes(seed, 10_000)).toList();
    try (ChunkCall call = server.open("echo")) {
      call.sendAll(chunks);
      call.end();
      Expect.bytes("echo", call.rest(), joined(chunks));
    }
  }

  /** The answer of a unary method, read in chunks; its argument comes with the call. */
  private static void download(TestedServer server) throws Exception {
    try (ChunkCall call = server.open("zeros", (byte) 0, (byte) 0, (byte) 48, (byte) 0)) {
      call.end();
      Expect.bytes("zeros", call.rest(), new byte[48 << 16]);
    }
  }

  /** The stream is given up in its middle, and the connection serves on. */
  private static void cancelled(TestedServer server, int number) throws Exception {
    ChunkCall call = server.open(ECHO);
    for (int chunk = 0; chunk < 2; chunk++) {
      byte[] sent = Noise.bytes(number + chunk, 1 + number * 100);
      call.send(sent);
      call.nextIs(sent);
    }
    call.close();
    Expect.equal("status after cancel", call.failure().status(), RpcStatus.CANCELLED);
    server.echoes("echo", Noise.bytes(number, 64));
  }

  /** The argument of a unary method is given up in its middle. */
  private static void cancelUpload(TestedServer server) throws Exception {
    ChunkCall call = server.open("echo");
    call.send(Noise.bytes(1, 100_000));
    call.close();
    Expect.equal("status after cancel", call.failure().status(), RpcStatus.CANCELLED);
    server.echoes("echo", Noise.bytes(2, 64));
  }

  /** The answer may come before the request has ended; what follows of it does no harm. */
  private static void unknown(TestedServer server) throws Exception {
    try (ChunkCall call = server.open("no.such.method")) {
      try {
        call.sendAll(Noise.chunks(20));
        call.end();
      } catch (RpcException e) {
        Expect.equal("status of the request", e.status(), RpcStatus.NOT_FOUND);
      }
      Expect.failure(
          "no.such.method", call.failure(), RpcStatus.NOT_FOUND, FailureChecks.NO_SUCH_METHOD);
    }
    server.echoes("echo", Noise.bytes(2, 64));
  }

  /** A failure after the first chunk is never taken for the end. */
  private static void failsHalfWay(TestedServer server) throws Exception {
    try (ChunkCall call = server.open("stream.fail")) {
      call.send(Noise.bytes(1, 100));
      call.nextIs(Noise.bytes(1, 100));
      call.send(Noise.bytes(2, 100));
      Expect.equal("status", call.failure().status(), RpcStatus.SYSTEM_ERROR);
    }
    server.echoes("echo", Noise.bytes(2, 64));
  }

  private static byte[] joined(List<byte[]> chunks) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    chunks.forEach(all::writeBytes);
    return all.toByteArray();
  }
}
