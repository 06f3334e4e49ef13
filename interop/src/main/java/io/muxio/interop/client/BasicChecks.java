package io.muxio.interop.client;

import io.muxio.examples.calculator.Calculator;
import io.muxio.rpc.service.RpcStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Suite {@code basic}: unary calls of all sizes, many at once, and calls that are given up. */
final class BasicChecks {
  private static final int MIB = 1 << 20;
  private static final Duration BRIEF = Duration.ofMillis(20);

  private BasicChecks() {}

  static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    checks.add(new Check("add", BasicChecks::add));
    checks.add(new Check("mult", BasicChecks::multiply));
    // Around the length at which an argument becomes the body, and a header has a frame's length.
    IntStream.of(0, 1, 64, 65_519, 65_520, 65_521, 65_535, 65_536, 65_537, MIB, 10 * MIB, 16 * MIB)
        .mapToObj(BasicChecks::echo)
        .forEach(checks::add);
    checks.add(new Check("concurrent-200", server -> atOnce(server, 200)));
    checks.add(new Check("concurrent-1000", server -> atOnce(server, 1_000)));
    checks.add(new Check("size", BasicChecks::size));
    checks.add(new Check("zeros", BasicChecks::zeros));
    checks.add(new Check("zeros-0", server -> zeros(server, 0)));
    checks.add(new Check("slow-overlap", BasicChecks::slowOverlap));
    checks.add(new Check("deadline", server -> deadline(server, "slow")));
    checks.add(new Check("deadline-stuck", server -> deadline(server, "stuck")));
    checks.add(new Check("cancel-50", BasicChecks::cancel));
    return checks;
  }

  private static Check echo(int length) {
    return new Check(
        "echo-" + length, server -> server.echoes("echo", Noise.bytes(length, length)));
  }

  private static void add(TestedServer server) throws CheckFailure {
    Calculator calculator = server.service(Calculator.class);
    Expect.number("1 + 2 + 3", calculator.add(new double[] {1, 2, 3}), 6);
    Expect.number("the sum of nothing", calculator.add(new double[0]), 0);
  }

  private static void multiply(TestedServer server) throws Exception {
    Calculator calculator = server.service(Calculator.class);
    CompletableFuture<Double> product =
        calculator.multiply(new double[] {8, 3, 7}).toCompletableFuture();
    Expect.number("8 * 3 * 7", product.get(), 168);
  }

  /** Some are longer than a frame. */
  private static void atOnce(TestedServer server, int count) throws Exception {
    List<byte[]> requests = new ArrayList<>();
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      int length = number % 97 == 0 ? 65_537 + number * 101 : 8 + number * 7 % 3_000;
      requests.add(Noise.bytes(number, length));
      answers.add(server.callLater("echo", requests.get(number)));
    }
    for (int number = 0; number < count; number++) {
      Expect.bytes("call " + number, answers.get(number).get(), requests.get(number));
    }
  }

  private static void size(TestedServer server) throws Exception {
    Expect.bytes("size", server.call("size", Noise.bytes(1, 100_000)), u32(100_000));
    Expect.bytes("size of nothing", server.call("size", new byte[0]), u32(0));
  }

  private static void zeros(TestedServer server) throws Exception {
    zeros(server, 200_000);
  }

  private static void zeros(TestedServer server, int count) throws Exception {
    Expect.bytes("zeros", server.call("zeros", u32(count)), new byte[count]);
  }

  /** All of them are answered, in whatever order the server likes. */
  private static void slowOverlap(TestedServer server) throws Exception {
    List<CompletableFuture<byte[]>> slow =
        IntStream.range(0, 20)
            .mapToObj(number -> server.callLater("slow", Noise.bytes(number, 100 + number)))
            .toList();
    server.echoes("echo", Noise.bytes(20, 64));
    for (int number = 0; number < slow.size(); number++) {
      Expect.bytes("call " + number, slow.get(number).get(), Noise.bytes(number, 100 + number));
    }
  }

  /** The answer that comes too late, or never, harms no other. */
  private static void deadline(TestedServer server, String method) throws Exception {
    RpcStatus status =
        Expect.failureOf(method, server.callLater(method, Noise.bytes(1, 10), BRIEF)).status();
    Expect.equal("status of " + method, status, RpcStatus.DEADLINE_EXCEEDED);
    server.echoes("slow", Noise.bytes(2, 1_000));
  }

  /** Fifty calls that are given up, each among ordinary ones. */
  private static void cancel(TestedServer server) throws Exception {
    List<CompletableFuture<byte[]>> kept = new ArrayList<>();
    for (int number = 0; number < 50; number++) {
      CompletableFuture<byte[]> cancelled =
          server.callLater("echo", Noise.bytes(number, 1 + number * 1_000));
      kept.add(server.callLater("echo", Noise.bytes(1_000 + number, 20 + number)));
      cancelled.cancel(false);
    }
    for (int number = 0; number < kept.size(); number++) {
      byte[] expected = Noise.bytes(1_000 + number, 20 + number);
      Expect.bytes("call " + number, kept.get(number).get(), expected);
    }
  }

  private static byte[] u32(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
