package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.wire.Link;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PingTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 5000, 100_000})
  void aPingIsAnsweredByAPongWithTheSamePayload(int size) {
    try (Link link = Link.client()) {
      link.receive(frame(13, 77, 5, Wire.PING, pattern(size)));

      assertThat(concat(link.flush())).isEqualTo(frame(13, 77, 5, Wire.PONG, pattern(size)));
      assertThat(link.dispatcher().session().openStreams()).isZero();
      assertThat(link.bufferedBytes()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {13, 21})
  void aPingMayBeTheFirstMessage(int header) {
    try (Link link = Link.server()) {
      link.receive(frame(header, 0, 0, Wire.PING, pattern(4)));

      assertThat(concat(link.flush())).isEqualTo(frame(header, 0, 0, Wire.PONG, pattern(4)));
    }
  }

  @Test
  void aPongIsIgnored() {
    try (Link link = Link.client()) {
      link.receive(frame(13, 0, 0, Wire.PONG, pattern(4)));

      assertThat(link.flush()).isEmpty();
    }
  }

  @Test
  void aPingWithTheIdOfAnOpenStreamDoesNotDisturbIt() {
    try (Link link = Link.server()) {
      WireStream stream = new WireStream(13, 3);
      link.receive(stream.open(Wire.call(1, 2, Wire.NOTHING, pattern(4))));
      link.receive(frame(13, 3, 0, Wire.PING, pattern(4)), frame(13, 3, 0, Wire.PONG, pattern(4)));
      link.receive(stream.end());

      assertThat(link.router().log()).containsExactly("call 1", "end 1");
      assertThat(link.flush()).hasSize(1);
    }
  }

  @Test
  void pongsOfManyPingsAreInOrder() {
    try (Link link = Link.client()) {
      for (int i = 0; i < 500; i++) {
        link.receive(frame(13, i, 0, Wire.PING, pattern(i)));
      }

      assertThat(link.flushSummaries(13))
          .hasSize(500)
          .startsWith("0#0 pong 0", "1#0 pong 1")
          .endsWith("499#0 pong 499");
    }
  }
}
