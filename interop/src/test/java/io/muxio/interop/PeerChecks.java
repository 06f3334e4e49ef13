package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;

/** The checks that a peer has run, as tests. */
final class PeerChecks {
  private PeerChecks() {}

  /** One test a check, and one that all of them ran. */
  static DynamicNode of(String peers, ForeignPeers.Outcome outcome, int expected) {
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
    return DynamicContainer.dynamicContainer(peers, Stream.concat(checks, Stream.of(all)));
  }
}
