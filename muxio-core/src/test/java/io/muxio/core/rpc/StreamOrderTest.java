package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.frame.StreamReassembler;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames out of order, and streams that fail for it: the others go on. */
class StreamOrderTest {
  private static final int BAD = 5;

  @Test
  void framesShuffledWithinTheGapAreHeardInOrder() {
    for (int seed = 0; seed < 500; seed++) {
      try {
        shuffled(new SplittableRandom(seed));
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void shuffled(SplittableRandom random) {
    byte[] metadata = pattern(random.nextInt(60));
    byte[] body = pattern(random.nextInt(1, 400));
    byte[] content = call(1, 2, metadata, body);
    WireStream stream = new WireStream(13, 9);
    List<byte[]> frames = new ArrayList<>();
    for (int at = 0; at < content.length; at += 10) {
      byte[] chunk = Arrays.copyOfRange(content, at, Math.min(content.length, at + 10));
      boolean last = at + 10 >= content.length;
      frames.add(stream.next(last ? Wire.END : at == 0 ? Wire.OPEN : Wire.DATA, chunk));
    }
    int gap = random.nextInt(1, 10);
    CoreLimits limits = CoreLimits.builder().maxSequenceGap(gap).build();
    try (Link link =
        Link.fast(IdSpace.SERVER, FrameFormat.GENERATION_13, config -> config.withLimits(limits))) {
      int first = 0;
      List<Integer> open = new ArrayList<>();
      frames.forEach(frame -> open.add(open.size()));
      while (!open.isEmpty()) {
        first = open.get(0);
        int latest = first + gap;
        int allowed = (int) open.stream().filter(i -> i <= latest).count();
        link.receive(frames.get(open.remove(random.nextInt(allowed))));
      }

      assertThat(link.router().log()).containsExactly("call 1", "end 1");
      assertThat(link.router().call(1).metadataBytes()).isEqualTo(metadata);
      assertThat(link.router().call(1).listener().payload()).isEqualTo(body);
      assertThat(link.bufferedBytes()).isZero();
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void aFrameBeyondTheGapFailsItsStream() {
    assertOnlyTheStreamFails(Reason.SEQUENCE_GAP, frame(13, BAD, 66, Wire.DATA, pattern(3)));
  }

  @Test
  void aRepeatedSequenceFailsItsStream() {
    assertOnlyTheStreamFails(Reason.SEQUENCE_REPEATED, frame(13, BAD, 0, Wire.DATA, pattern(3)));
  }

  @Test
  void aRepeatedOpenFailsItsStream() {
    assertOnlyTheStreamFails(Reason.SEQUENCE_REPEATED, frame(13, BAD, 0, Wire.OPEN, pattern(3)));
  }

  @Test
  void openInMidStreamFailsIt() {
    assertOnlyTheStreamFails(Reason.FRAME_OUT_OF_PLACE, frame(13, BAD, 1, Wire.OPEN, pattern(3)));
  }

  private static void assertOnlyTheStreamFails(Reason reason, byte[] badFrame) {
    try (Link link = Link.server()) {
      WireStream good = new WireStream(13, 4);
      link.receive(good.open(call(40, 2, NOTHING, pattern(10))));
      link.receive(new WireStream(13, BAD).open(call(50, 2, NOTHING, pattern(10))));
      link.receive(badFrame);

      RecordingRouter router = link.router();
      assertThat(router.log())
          .containsExactly("call 40", "call 50", "failure 50", "stream 5 " + reason);
      ProtocolException cause = router.failures().get(0).cause();
      assertThat(cause.scope()).isEqualTo(ProtocolException.Scope.STREAM);
      assertThat(router.call(50).listener().failures()).containsExactly(cause);
      assertThat(router.call(50).call().isOpen()).isFalse();

      link.receive(good.data(pattern(7)));
      link.receive(frame(13, BAD, 2, Wire.DATA, pattern(3)), frame(13, BAD, 9, Wire.DATA, NOTHING));
      assertThat(link.dispatcher().session().openStreams()).isEqualTo(2);
      link.receive(frame(13, BAD, 3, Wire.END, NOTHING), good.end());
      assertThat(link.dispatcher().session().openStreams()).isZero();
      assertThat(link.dispatcher().inboundCalls()).isEqualTo(1);
      assertThat(router.failures()).hasSize(1);
      assertThat(router.call(40).listener().payload()).hasSize(17);

      link.receive(WireStream.whole(13, BAD, call(50, 2, NOTHING, NOTHING)));
      assertThat(router.log()).endsWith("end 40", "call 50", "end 50");
    }
  }

  @Test
  void dataAtTheBeginningFailsAStreamThatHasNoCall() {
    try (Link link = Link.server()) {
      link.receive(frame(13, BAD, 0, Wire.DATA, call(1, 2, NOTHING, NOTHING)));

      assertThat(link.router().log()).containsExactly("stream 5 FRAME_OUT_OF_PLACE");
      link.receive(frame(13, BAD, 1, Wire.END, NOTHING));
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void anOpenAfterAFailedStreamBeginsANewOneWithoutItsEnd() {
    try (Link link = Link.server()) {
      link.receive(frame(13, BAD, 0, Wire.DATA, NOTHING));
      link.receive(WireStream.whole(13, BAD, call(1, 2, NOTHING, NOTHING)));

      assertThat(link.router().log()).endsWith("call 1", "end 1");
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void aCancelOfAFailedStreamFreesItsId() {
    try (Link link = Link.server()) {
      link.receive(frame(13, BAD, 0, Wire.DATA, NOTHING));
      link.receive(frame(13, BAD, 1, Wire.CANCEL, NOTHING));

      assertThat(link.dispatcher().session().openStreams()).isZero();
      assertThat(link.router().failures()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 14, 16})
  void aStreamThatEndsWithinItsHeaderFails(int length) {
    byte[] header = Arrays.copyOf(call(1, 2, pattern(5), NOTHING), length);
    try (Link link = Link.server()) {
      link.receive(WireStream.whole(13, BAD, header));
      link.receive(frame(13, 6, 0, Wire.END, header));

      assertThat(link.router().log())
          .containsExactly("stream 5 HEADER_INCOMPLETE", "stream 6 HEADER_INCOMPLETE");
      assertThat(link.dispatcher().session().openStreams()).isZero();
      assertThat(link.bufferedBytes()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 255})
  void aMessageTypeThatIsNotInUseFailsTheStream(int type) {
    try (Link link = Link.server()) {
      link.receive(WireStream.whole(13, BAD, Wire.rpc(type, 1, 2, pattern(5), pattern(5))));

      assertThat(link.router().log()).containsExactly("stream 5 UNKNOWN_MESSAGE_TYPE");
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void aCancelIsHeardAtOnceAndGivesHeldFramesBack() {
    try (Link link = Link.server()) {
      link.receive(frame(13, BAD, 0, Wire.OPEN, call(1, 2, NOTHING, pattern(10))));
      link.receive(frame(13, BAD, 2, Wire.DATA, pattern(100)));
      assertThat(link.bufferedBytes()).isEqualTo(100 + StreamReassembler.HELD_FRAME_SIZE);
      link.receive(frame(13, BAD, 3, Wire.CANCEL, pattern(100)));

      assertThat(link.router().log()).containsExactly("call 1", "cancel 1");
      assertThat(link.bufferedBytes()).isZero();
      assertThat(link.dispatcher().inboundCalls()).isZero();
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void aCancelWithinTheHeaderIsNoCall() {
    try (Link link = Link.server()) {
      link.receive(frame(13, BAD, 0, Wire.OPEN, new byte[4]));
      assertThat(link.bufferedBytes()).isEqualTo(4);
      link.receive(frame(13, BAD, 1, Wire.CANCEL, NOTHING));

      assertThat(link.router().log()).isEmpty();
      assertThat(link.bufferedBytes()).isZero();
    }
  }

  @Test
  void aCancelOfAnUnknownStreamIsIgnored() {
    try (Link link = Link.client()) {
      link.receive(frame(13, BAD, 7, Wire.CANCEL, NOTHING));

      assertThat(link.router().log()).isEmpty();
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void anAnswerThatFailsTellsItsCallOnce() {
    try (Link link = Link.client()) {
      var answer = link.call(7, NOTHING);
      link.receive(frame(13, BAD, 0, Wire.OPEN, Wire.answer(0, 7, 0, pattern(10))));
      link.receive(frame(13, BAD, 0, Wire.DATA, NOTHING), frame(13, BAD, 1, Wire.END, NOTHING));

      assertThat(answer.events()).containsExactly("header", "failure");
      assertThat(answer.payload()).isEqualTo(pattern(10));
      assertThat(link.router().failureReasons()).containsExactly(Reason.SEQUENCE_REPEATED);
      assertThat(link.dispatcher().pendingCalls()).isZero();
    }
  }
}
