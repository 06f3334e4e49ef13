package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.concat;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.FrameFormat;
import io.muxio.core.wire.Capture;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.Wire;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every recorded session is replayed at both of its ends: what the other end sent is received as
 * recorded, and what our end writes for the same calls and answers is compared with what was
 * recorded. See {@link GoldenReplay} for where our bytes may differ.
 */
class GoldenReplayTest {
  static Stream<Capture> captures() {
    return Capture.all();
  }

  @Test
  void allRecordingsAreThere() {
    assertThat(captures().count()).isEqualTo(70);
  }

  @ParameterizedTest
  @MethodSource("captures")
  void theServersEnd(Capture capture) {
    try (GoldenReplay replay = new GoldenReplay(capture, false)) {
      replay.run();

      replay.assertHeard();
      replay.assertWritten();
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void theClientsEnd(Capture capture) {
    try (GoldenReplay replay = new GoldenReplay(capture, true)) {
      replay.run();

      replay.assertHeard();
      replay.assertWritten();
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void theGenerationIsToldFromTheFirstMessage(Capture capture) {
    byte[] first = capture.messages(true).get(0);
    try (Link server = Link.server()) {
      server.receive(first);

      assertThat(server.dispatcher().session().format()).isEqualTo(capture.format());
      if (capture.name().endsWith("echo65535")) {
        assertThat(server.router().log()).as("the header goes on in the next frame").isEmpty();
      } else {
        assertThat(server.router().log()).containsExactly("call " + capture.firstRequestId());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void theGenerationIsToldFromAFirstMessageInPieces(Capture capture) {
    byte[] first = capture.messages(true).get(0);
    try (Link server = Link.server()) {
      server.receivePart(java.util.Arrays.copyOf(first, 12), false);
      server.receivePart(java.util.Arrays.copyOfRange(first, 12, first.length), true);

      assertThat(server.dispatcher().session().format()).isEqualTo(capture.format());
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void allOfAClientsFramesInOneMessageAreToldToo(Capture capture) {
    byte[] all = concat(capture.messages(true));
    int frames = Wire.frames(capture.format().headerSize(), all).size();
    try (Link server = Link.server()) {
      server.receive(all);

      assertThat(server.dispatcher().session().format()).isEqualTo(capture.format());
      assertThat(frames).isEqualTo(capture.messages(true).size());
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void everyRecordedMessageIsOneFrame(Capture capture) {
    FrameFormat format = capture.format();
    assertThat(capture.messages())
        .allSatisfy(
            message -> assertThat(Wire.frames(format.headerSize(), message.bytes())).hasSize(1));
  }
}
