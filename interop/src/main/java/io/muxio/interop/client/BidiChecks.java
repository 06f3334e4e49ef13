package io.muxio.interop.client;

import io.muxio.interop.CallMe;
import io.muxio.interop.CallMeInline;
import io.muxio.interop.CallMeLater;
import java.util.List;

/** Suite {@code bidi}: the server calls back over the connection on which it is being called. */
final class BidiChecks {
  private static final int MANY = 20;

  private interface Adder {
    double add(double[] numbers) throws Exception;
  }

  private BidiChecks() {}

  static List<Check> all() {
    return List.of(
        new Check("call_me", server -> calledBack(server, called(server), 1)),
        new Check("call_me-20", server -> calledBack(server, called(server), MANY)),
        new Check("call_me.inline", server -> calledBack(server, inline(server), 1)),
        new Check("call_me.inline-20", server -> calledBack(server, inline(server), MANY)),
        new Check("call_me.later", server -> later(server, 1)),
        new Check("call_me.later-20", server -> later(server, MANY)),
        new Check(
            "call_me-in-stream",
            server -> amidStream(server, () -> calledBack(server, called(server), MANY))),
        new Check(
            "call_me.later-in-upload", server -> amidUpload(server, () -> later(server, MANY))));
  }

  private static Adder called(TestedServer server) {
    return server.service(CallMe.class)::add;
  }

  private static Adder inline(TestedServer server) {
    CallMeInline service = server.service(CallMeInline.class);
    return numbers -> service.add(numbers).toCompletableFuture().get();
  }

  /** So many calls at once, each answered with what this client makes of the same numbers. */
  private static void calledBack(TestedServer server, Adder adder, int calls) throws Exception {
    int before = server.calledBack().additions();
    Together.run(
        calls,
        number -> Expect.number("the sum", adder.add(new double[] {1, 2, number}), 3 + number));
    Expect.equal("calls back", server.calledBack().additions() - before, calls);
  }

  /** Answered before the server calls back: it has the sum when it asks for the square. */
  private static void later(TestedServer server, int calls) throws Exception {
    CallMeLater service = server.service(CallMeLater.class);
    // Sums that no other check makes.
    double first = 1_000.0 * calls;
    Together.run(
        calls,
        number -> {
          service.add(new double[] {first, number});
          server.calledBack().square(first + number).get();
        });
  }

  private interface Step {
    void run() throws Exception;
  }

  /** The calls in both directions and an open stream share the connection. */
  private static void amidStream(TestedServer server, Step step) throws Exception {
    byte[] before = Noise.bytes(1, 50_000);
    byte[] after = Noise.bytes(2, 50_000);
    try (ChunkCall call = server.open("stream.echo")) {
      call.send(before);
      call.nextIs(before);
      step.run();
      call.send(after);
      call.nextIs(after);
      call.end();
      call.ends();
    }
  }

  /** The same where a server has no streaming methods. */
  private static void amidUpload(TestedServer server, Step step) throws Exception {
    byte[] all = Noise.bytes(1, 50_000);
    try (ChunkCall call = server.open("echo")) {
      call.send(all);
      step.run();
      call.end();
      Expect.bytes("echo", call.rest(), all);
    }
  }
}
