package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.header;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.frame.ProtocolException.Scope;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors after which nothing more is decoded. Closing a link checks that all was released. */
class ConnectionErrorTest {
  private static final CoreLimits.Builder LIMITS =
      CoreLimits.builder().maxFramePayload(1000).maxStreams(3).maxBufferedBytes(500);

  @ParameterizedTest
  @ValueSource(ints = {6, 200, 255})
  void anUnknownFrameKind(int kind) {
    assertEnds(Reason.UNKNOWN_FRAME_KIND, frame(13, 9, 0, kind, pattern(5)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1001, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL})
  void aFrameLongerThanTheLimit(long length) {
    assertEnds(Reason.FRAME_TOO_LARGE, header(13, length, 9, 0, Wire.OPEN));
  }

  @Test
  void aHeaderInPiecesOfAFrameLongerThanTheLimit() {
    byte[] header = header(13, 0xffff_ffffL, 9, 0, Wire.OPEN);
    assertEnds(Reason.FRAME_TOO_LARGE, Arrays.copyOf(header, 5), Arrays.copyOfRange(header, 5, 13));
  }

  @Test
  void fullBuffersInTheMiddleOfAFrame() {
    assertEnds(Reason.BUFFER_FULL, Arrays.copyOf(frame(13, 9, 0, Wire.OPEN, pattern(900)), 501));
  }

  @Test
  void tooManyStreams() {
    assertEnds(
        Reason.TOO_MANY_STREAMS,
        frame(13, 1, 0, Wire.OPEN, NOTHING),
        frame(13, 2, 0, Wire.DATA, NOTHING), // failed, not ended
        frame(13, 3, 0, Wire.OPEN, NOTHING));
  }

  /** Else each of them could make the server look at every stream, to find the one before. */
  @Test
  void answersThatNobodyWaitsForOneByOneWhereNearlyAllPlacesAreTaken() {
    try (Link link = Link.server(CoreLimits.builder().maxStreams(64))) {
      for (int id = 0; id < 63; id++) {
        link.receive(frame(13, id, 0, Wire.OPEN, NOTHING));
      }
      assertThatThrownBy(
              () -> {
                for (int id = 100; id < 200; id++) {
                  link.receive(frame(13, id, 0, Wire.OPEN, Wire.answer(id, 0, 0, NOTHING)));
                }
              })
          .isInstanceOfSatisfying(
              ProtocolException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_STREAMS));
    }
  }

  @Test
  void streamsThatEndedDoNotCount() {
    try (Link link = Link.server(LIMITS)) {
      for (int i = 0; i < 100; i++) {
        link.receive(WireStream.whole(13, i, call(i, 2, NOTHING, NOTHING)));
        link.receive(frame(13, 1000 + i, 0, Wire.DATA, NOTHING));
        link.receive(frame(13, 1000 + i, 1, Wire.END, NOTHING));
      }

      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 12, 14})
  void aFirstMessageThatIsNoFrame(int length) {
    try (Link link = Link.server()) {
      assertThatThrownBy(() -> link.receive(new byte[length]))
          .isInstanceOfSatisfying(
              ProtocolException.class,
              e -> {
                assertThat(e.scope()).isEqualTo(Scope.CONNECTION);
                assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_GENERATION);
                assertThatThrownBy(() -> link.receive(new byte[13])).isSameAs(e);
              });
      assertThat(link.dispatcher().session().format()).isNull();
    }
  }

  @Test
  void noBytesAreTakenAfterClose() {
    try (Link link = Link.client()) {
      link.receive(new byte[5]);
      link.dispatcher().close(new IllegalStateException("gone"));

      assertThat(link.bufferedBytes()).isZero();
      assertThatIllegalStateException().isThrownBy(() -> link.receive(new byte[5]));
    }
  }

  /** The error comes at the last message, with a call and held bytes before it. */
  private static void assertEnds(Reason reason, byte[]... messages) {
    try (Link link = Link.server(LIMITS)) {
      byte[] open = frame(13, 4, 0, Wire.OPEN, call(40, 2, NOTHING, pattern(10)));
      link.receive(open);
      link.receive(Arrays.copyOf(messages, messages.length - 1));
      byte[] bad = messages[messages.length - 1];
      assertThatThrownBy(() -> link.receive(bad))
          .isInstanceOfSatisfying(
              ProtocolException.class,
              e -> {
                assertThat(e.scope()).isEqualTo(Scope.CONNECTION);
                assertThat(e.reason()).isEqualTo(reason);
                assertThatThrownBy(() -> link.receive(open)).isSameAs(e);
                link.dispatcher().close(e);
                assertThat(link.router().call(40).listener().failures()).containsExactly(e);
              });
      assertThat(link.bufferedBytes()).isZero();
      assertThat(link.dispatcher().inboundCalls()).isZero();
    }
  }
}
