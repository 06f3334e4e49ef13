package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.muxio.netty.server.RpcServer;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The published clients, unchanged, against our server: each of their checks is a test here. */
class ForeignClientsIT {
  private RpcServer server;

  @BeforeEach
  void start() throws IOException {
    server = InteropMethods.register(RpcServer.builder()).bind("127.0.0.1", 0).build().start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @TestFactory
  Stream<DynamicNode> rust() throws Exception {
    Stream.Builder<DynamicNode> generations = Stream.builder();
    for (String generation : List.of("0-10", "0-14", "0-15", "0-17")) {
      String program = ForeignPeers.rust().resolve("muxio-client-" + generation).toString();
      generations.add(
          checksOf(
              "Rust client " + generation,
              ForeignPeers.run(
                  withAddress(List.of(program), "--suite", "basic", "edge", "bidi", "flood")),
              47));
    }
    return generations.build();
  }

  @TestFactory
  DynamicNode python() throws Exception {
    List<String> command =
        List.of(
            ForeignPeers.python().toString(),
            ForeignPeers.directory().resolve("python/client.py").toString());
    return checksOf("Python wheel", ForeignPeers.run(withAddress(command)), 10);
  }

  private List<String> withAddress(List<String> command, String... more) {
    String port = Integer.toString(server.address().getPort());
    return Stream.of(command, List.of("--host", "127.0.0.1", "--port", port), List.of(more))
        .flatMap(List::stream)
        .toList();
  }

  /** One test a check, and one that all of them ran. */
  private static DynamicNode checksOf(String client, ForeignPeers.Outcome outcome, int expected) {
    Stream<DynamicNode> checks =
        outcome.lines().stream()
            .map(line -> dynamicTest(line, () -> assertThat(line).startsWith("ok ")));
    DynamicNode all =
        dynamicTest(
            "all " + expected + " checks ran",
            () -> {
              assertThat(outcome.lines()).as(outcome.errors()).hasSize(expected);
              assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
            });
    return DynamicContainer.dynamicContainer(client, Stream.concat(checks, Stream.of(all)));
  }
}
